"""Symbols of Apple's libc++ that a project may take although its LibTorch does not, with the macOS that has them."""

from __future__ import annotations

# Sized: LLVM, clang/include/clang/Basic/SizedDeallocation.h, macOS 10.12. Aligned: AlignedAllocation.h there, 10.13.
MEMORY = (
    "__ZdlPvm",
    "__ZdaPvm",
    "__ZnwmSt11align_val_t",
    "__ZnamSt11align_val_t",
    "__ZdlPvSt11align_val_t",
    "__ZdaPvSt11align_val_t",
    "__ZdlPvmSt11align_val_t",
    "__ZdaPvmSt11align_val_t",
)
# All of std::filesystem that is not inline, as clang names it: macOS 10.15, by LLVM's libcxx/include/__availability.
FILESYSTEM = (
    "__ZNKSt3__14__fs10filesystem18directory_iterator13__dereferenceEv",
    "__ZNKSt3__14__fs10filesystem28recursive_directory_iterator13__dereferenceEv",
    "__ZNKSt3__14__fs10filesystem28recursive_directory_iterator5depthEv",
    "__ZNKSt3__14__fs10filesystem28recursive_directory_iterator7optionsEv",
    "__ZNKSt3__14__fs10filesystem4path10__filenameEv",
    "__ZNKSt3__14__fs10filesystem4path11__extensionEv",
    "__ZNKSt3__14__fs10filesystem4path11__root_nameEv",
    "__ZNKSt3__14__fs10filesystem4path13__parent_pathEv",
    "__ZNKSt3__14__fs10filesystem4path15__relative_pathEv",
    "__ZNKSt3__14__fs10filesystem4path16__root_directoryEv",
    "__ZNKSt3__14__fs10filesystem4path16lexically_normalEv",
    "__ZNKSt3__14__fs10filesystem4path18lexically_relativeERKS2_",
    "__ZNKSt3__14__fs10filesystem4path3endEv",
    "__ZNKSt3__14__fs10filesystem4path5beginEv",
    "__ZNKSt3__14__fs10filesystem4path6__stemEv",
    "__ZNKSt3__14__fs10filesystem4path9__compareENS_17basic_string_viewIcNS_11char_traitsIcEEEE",
    "__ZNSt3__14__fs10filesystem10__absoluteERKNS1_4pathEPNS_10error_codeE",
    "__ZNSt3__14__fs10filesystem10hash_valueERKNS1_4pathE",
    "__ZNSt3__14__fs10filesystem11__canonicalERKNS1_4pathEPNS_10error_codeE",
    "__ZNSt3__14__fs10filesystem11__copy_fileERKNS1_4pathES4_NS1_12copy_optionsEPNS_10error_codeE",
    "__ZNSt3__14__fs10filesystem11__file_sizeERKNS1_4pathEPNS_10error_codeE",
    "__ZNSt3__14__fs10filesystem12__equivalentERKNS1_4pathES4_PNS_10error_codeE",
    "__ZNSt3__14__fs10filesystem12__remove_allERKNS1_4pathEPNS_10error_codeE",
    "__ZNSt3__14__fs10filesystem13__fs_is_emptyERKNS1_4pathEPNS_10error_codeE",
    "__ZNSt3__14__fs10filesystem13__permissionsERKNS1_4pathENS1_5permsENS1_12perm_optionsEPNS_10error_codeE",
    "__ZNSt3__14__fs10filesystem13__resize_fileERKNS1_4pathEmPNS_10error_codeE",
    "__ZNSt3__14__fs10filesystem14__copy_symlinkERKNS1_4pathES4_PNS_10error_codeE",
    "__ZNSt3__14__fs10filesystem14__current_pathEPNS_10error_codeE",
    "__ZNSt3__14__fs10filesystem14__current_pathERKNS1_4pathEPNS_10error_codeE",
    "__ZNSt3__14__fs10filesystem14__read_symlinkERKNS1_4pathEPNS_10error_codeE",
    "__ZNSt3__14__fs10filesystem16__create_symlinkERKNS1_4pathES4_PNS_10error_codeE",
    "__ZNSt3__14__fs10filesystem16__symlink_statusERKNS1_4pathEPNS_10error_codeE",
    "__ZNSt3__14__fs10filesystem16filesystem_error13__create_whatEi",
    "__ZNSt3__14__fs10filesystem16filesystem_errorD1Ev",
    "__ZNSt3__14__fs10filesystem17__hard_link_countERKNS1_4pathEPNS_10error_codeE",
    (
        "__ZNSt3__14__fs10filesystem17__last_write_timeERKNS1_4pathENS_6chrono10time_pointINS1_16_FilesystemClock"
        "ENS5_8durationInNS_5ratioILl1ELl1000000000EEEEEEEPNS_10error_codeE"
    ),
    "__ZNSt3__14__fs10filesystem17__last_write_timeERKNS1_4pathEPNS_10error_codeE",
    "__ZNSt3__14__fs10filesystem18__create_directoryERKNS1_4pathEPNS_10error_codeE",
    "__ZNSt3__14__fs10filesystem18__create_directoryERKNS1_4pathES4_PNS_10error_codeE",
    "__ZNSt3__14__fs10filesystem18__create_hard_linkERKNS1_4pathES4_PNS_10error_codeE",
    "__ZNSt3__14__fs10filesystem18__weakly_canonicalERKNS1_4pathEPNS_10error_codeE",
    "__ZNSt3__14__fs10filesystem18directory_iterator11__incrementEPNS_10error_codeE",
    "__ZNSt3__14__fs10filesystem18directory_iteratorC1ERKNS1_4pathEPNS_10error_codeENS1_17directory_optionsE",
    "__ZNSt3__14__fs10filesystem20__create_directoriesERKNS1_4pathEPNS_10error_codeE",
    "__ZNSt3__14__fs10filesystem21__temp_directory_pathEPNS_10error_codeE",
    "__ZNSt3__14__fs10filesystem26__create_directory_symlinkERKNS1_4pathES4_PNS_10error_codeE",
    "__ZNSt3__14__fs10filesystem28recursive_directory_iterator11__incrementEPNS_10error_codeE",
    "__ZNSt3__14__fs10filesystem28recursive_directory_iterator5__popEPNS_10error_codeE",
    "__ZNSt3__14__fs10filesystem28recursive_directory_iteratorC1ERKNS1_4pathENS1_17directory_optionsEPNS_10error_codeE",
    "__ZNSt3__14__fs10filesystem4path17replace_extensionERKS2_",
    "__ZNSt3__14__fs10filesystem4path8iterator11__incrementEv",
    "__ZNSt3__14__fs10filesystem6__copyERKNS1_4pathES4_NS1_12copy_optionsEPNS_10error_codeE",
    "__ZNSt3__14__fs10filesystem7__spaceERKNS1_4pathEPNS_10error_codeE",
    "__ZNSt3__14__fs10filesystem8__removeERKNS1_4pathEPNS_10error_codeE",
    "__ZNSt3__14__fs10filesystem8__renameERKNS1_4pathES4_PNS_10error_codeE",
    "__ZNSt3__14__fs10filesystem8__statusERKNS1_4pathEPNS_10error_codeE",
    "__ZTINSt3__14__fs10filesystem16filesystem_errorE",
    "__ZTVNSt3__14__fs10filesystem16filesystem_errorE",
)
# Of C++11, compiled into the library since its first ABI (LLVM, libcxx/lib/abi): what the project's own
# sources take, or Inductor's.
FIRST_ABI = (
    "__ZNSt20bad_array_new_lengthC1Ev",
    "__ZNSt20bad_array_new_lengthD1Ev",
    "__ZTISt20bad_array_new_length",
    "__ZTVNSt3__115basic_streambufIcNS_11char_traitsIcEEEE",
    "__ZNSt3__115basic_streambufIcNS_11char_traitsIcEEE6xsputnEPKcl",
    "__ZNSt3__113shared_futureIvED1Ev",
    "__ZNSt3__112basic_stringIcNS_11char_traitsIcEENS_9allocatorIcEEE6insertENS_11__wrap_iterIPKcEEc",
    "__ZNSt3__113basic_istreamIcNS_11char_traitsIcEEE4peekEv",
    "__ZNSt3__113basic_istreamIcNS_11char_traitsIcEEErsERd",
)
OLDEST_MACOS = "10.15"
"""It has all of these."""
