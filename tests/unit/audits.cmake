# SPDX-License-Identifier: LGPL-2.1-or-later
# The tests of the reclaim account and of the gfp audit.
add_vmstall_test(test_latencies unit/test_latencies.c LIBS vmstall_passes)
add_vmstall_test(test_reclaim_account unit/test_reclaim_account.c LIBS vmstall_lab)
foreach(name audit audit_sites low_zones)
	add_vmstall_test(test_${name} unit/test_${name}.c unit/audit_lab.c unit/kernel.c LIBS vmstall_lab vmstall_decode)
endforeach()
add_scenario_test(test_account)
add_scenario_test(test_atomic)
foreach(name account atomic)
	target_link_libraries(test_${name} PRIVATE vmstall_writers)
endforeach()

add_test(NAME account_crosscheck COMMAND sh ${CMAKE_SOURCE_DIR}/tests/truth/account.sh $<TARGET_FILE:vmstall>)
set_tests_properties(account_crosscheck PROPERTIES TIMEOUT 300 SKIP_RETURN_CODE 77
	ENVIRONMENT "LSAN_OPTIONS=suppressions=${CMAKE_SOURCE_DIR}/tests/lsan.supp:print_suppressions=0")
add_test(NAME gfp_crosscheck COMMAND sh ${CMAKE_SOURCE_DIR}/tests/truth/gfp.sh $<TARGET_FILE:vmstall>)
set_tests_properties(gfp_crosscheck PROPERTIES TIMEOUT 300 SKIP_RETURN_CODE 77
	ENVIRONMENT "LSAN_OPTIONS=suppressions=${CMAKE_SOURCE_DIR}/tests/lsan.supp:print_suppressions=0")
