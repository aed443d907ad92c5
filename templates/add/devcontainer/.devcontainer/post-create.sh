# Run once in a new container, in the project's folder: installs the torch that exported the model, whose LibTorch CMake
# takes, and tsgen. Add what the model itself needs from Python to be exported again, such as torchvision.
set -eu
version=$(awk -F'[\t+]' '$1 == "torch" { print $2 }' model/cases/index.tsv) || echo "the model is not exported yet: any torch will do"
python3 -m pip install "torch${version:+==$version}" "${TSGEN:-tsgen-cpp}"
