# SPDX-License-Identifier: LGPL-2.1-or-later
# The tests of src/util, src/reader, src/state and src/passes, on bytes and events made by hand.
add_vmstall_test(test_text unit/test_text.c LIBS vmstall_util)
add_vmstall_test(test_container unit/test_container.c LIBS vmstall_reader)
add_vmstall_test(test_capture unit/test_capture.c LIBS vmstall_reader)
add_vmstall_test(test_cpustat unit/test_cpustat.c LIBS vmstall_reader)
add_vmstall_test(test_tasks unit/test_tasks.c LIBS vmstall_state)
add_vmstall_test(test_trackers unit/test_trackers.c LIBS vmstall_state)

add_vmstall_test(test_merge unit/test_merge.c LIBS vmstall_reader)
add_vmstall_test(test_holds unit/test_holds.c LIBS vmstall_passes)
add_vmstall_test(test_freeze unit/test_freeze.c LIBS vmstall_passes)
add_vmstall_test(test_incidents unit/test_incidents.c LIBS vmstall_passes)

add_library(vmstall_lab STATIC unit/lab.c)
target_link_libraries(vmstall_lab PUBLIC vmstall_passes PkgConfig::CMOCKA)
foreach(question lru_lock episodes activity)
	add_vmstall_test(test_${question} unit/test_${question}.c LIBS vmstall_lab)
endforeach()
add_vmstall_test(test_guard unit/test_guard.c LIBS vmstall_cli)
add_vmstall_test(test_output unit/test_output.c LIBS vmstall_cli)
add_vmstall_test(test_zones unit/test_zones.c unit/kernel.c LIBS vmstall_lab vmstall_decode)
