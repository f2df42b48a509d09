# SPDX-License-Identifier: LGPL-2.1-or-later
# Reader equality, in a program of its own: with -DVMSTALL_TSAN=ON it is also what shows the threads to be sound.
add_vmstall_test(test_readers unit/test_readers.c LIBS vmstall_reader)
target_compile_definitions(test_readers PRIVATE VMSTALL_SOURCE="${CMAKE_SOURCE_DIR}")
set_tests_properties(test_readers PROPERTIES TIMEOUT 600 LABELS threads)
add_dependencies(test_readers ${all_plugins})
