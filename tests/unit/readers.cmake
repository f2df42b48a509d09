# SPDX-License-Identifier: LGPL-2.1-or-later
# What has threads. Built with -DVMSTALL_TSAN=ON, target and label "threads" are what shows them to be sound.
add_vmstall_test(test_readers unit/test_readers.c LIBS vmstall_reader)
target_compile_definitions(test_readers PRIVATE VMSTALL_SOURCE="${CMAKE_SOURCE_DIR}")
set_tests_properties(test_readers PROPERTIES TIMEOUT 600 LABELS threads)
add_dependencies(test_readers ${all_plugins})
set_tests_properties(test_merge PROPERTIES LABELS threads)

file(GLOB sample ${CMAKE_SOURCE_DIR}/samples/*.dat)
add_test(NAME same_answer COMMAND sh ${CMAKE_SOURCE_DIR}/tests/readers/same.sh $<TARGET_FILE:vmstall> ${sample})
set_tests_properties(same_answer PROPERTIES TIMEOUT 600 LABELS threads
	ENVIRONMENT "LSAN_OPTIONS=suppressions=${CMAKE_SOURCE_DIR}/tests/lsan.supp:print_suppressions=0")
add_custom_target(threads DEPENDS vmstall test_readers test_merge)
# Reader equality, in a program of its own: with -DVMSTALL_TSAN=ON it is also what shows the threads to be sound.
add_vmstall_test(test_readers unit/test_readers.c unit/digest.c LIBS vmstall_reader)
add_vmstall_test(test_salvage unit/test_salvage.c unit/digest.c LIBS vmstall_reader)
foreach(name test_readers test_salvage)
	target_compile_definitions(${name} PRIVATE VMSTALL_SOURCE="${CMAKE_SOURCE_DIR}")
	set_tests_properties(${name} PROPERTIES TIMEOUT 600 LABELS threads)
	add_dependencies(${name} ${all_plugins})
endforeach()
