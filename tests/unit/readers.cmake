# SPDX-License-Identifier: LGPL-2.1-or-later
add_vmstall_test(test_symbols unit/test_symbols.c LIBS vmstall_reader)

# Each way to read a recording against the other; and what a cut one still has.
foreach(name test_readers test_salvage test_headless)
	add_vmstall_test(${name} unit/${name}.c unit/digest.c unit/salvage_lab.c LIBS vmstall_reader)
	target_compile_definitions(${name} PRIVATE VMSTALL_SOURCE="${CMAKE_SOURCE_DIR}")
	set_tests_properties(${name} PROPERTIES TIMEOUT 600)
	add_dependencies(${name} ${all_plugins})
endforeach()

file(GLOB sample ${CMAKE_SOURCE_DIR}/samples/*.dat)
add_test(NAME same_answer COMMAND sh ${CMAKE_SOURCE_DIR}/tests/readers/same.sh $<TARGET_FILE:vmstall> ${sample})
set_tests_properties(same_answer PROPERTIES TIMEOUT 600
	ENVIRONMENT "LSAN_OPTIONS=suppressions=${CMAKE_SOURCE_DIR}/tests/lsan.supp:print_suppressions=0")

# What has threads. Built with -DVMSTALL_TSAN=ON, target and label "threads" are what shows them to be sound.
set_tests_properties(test_readers test_merge same_answer PROPERTIES LABELS threads)
add_custom_target(threads DEPENDS vmstall test_readers test_merge)
