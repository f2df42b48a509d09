# SPDX-License-Identifier: LGPL-2.1-or-later
# The tests of the leak analysis: its table, its passes on events made by hand, and real recordings with their truth.
add_library(vmstall_leak_lab STATIC unit/leak_lab.c unit/kernel.c)
target_link_libraries(vmstall_leak_lab PUBLIC vmstall_passes vmstall_decode vmstall_test_support PkgConfig::CMOCKA)
add_vmstall_test(test_leak_table unit/test_leak_table.c LIBS vmstall_passes)
add_vmstall_test(test_leak_gaps unit/test_leak_gaps.c LIBS vmstall_passes)
add_vmstall_test(test_leak_slab unit/test_leak_slab.c LIBS vmstall_leak_lab)
add_vmstall_test(test_leak_losses unit/test_leak_losses.c LIBS vmstall_leak_lab)
add_vmstall_test(test_leak_owner unit/test_leak_owner.c LIBS vmstall_leak_lab)
add_vmstall_test(test_leak_pages unit/test_leak_pages.c LIBS vmstall_leak_lab)
add_vmstall_test(test_meminfo unit/test_meminfo.c LIBS vmstall_model)

# Real recordings: cuts in the clone, and longer ones where they lie beside it.
file(GLOB leak_recordings ${CMAKE_SOURCE_DIR}/tests/fixtures/leaks/*.dat
	${CMAKE_SOURCE_DIR}/tests/fixtures/recordings/*.dat ${CMAKE_SOURCE_DIR}/samples/*.dat)
file(GLOB leak_recordings_beside ${CMAKE_SOURCE_DIR}/../shared/recordings/*.dat)
foreach(what leaks gfp)
	add_test(NAME truth_${what} COMMAND Python3::Interpreter ${CMAKE_SOURCE_DIR}/tests/truth/${what}.py
		--vmstall $<TARGET_FILE:vmstall> ${leak_recordings} ${leak_recordings_beside})
	set_tests_properties(truth_${what} PROPERTIES TIMEOUT 300
		ENVIRONMENT "LSAN_OPTIONS=suppressions=${CMAKE_SOURCE_DIR}/tests/lsan.supp:print_suppressions=0")
endforeach()
add_scenario_test(test_leaks)
