# SPDX-License-Identifier: LGPL-2.1-or-later
# What happened is known, for a scene was made of it: what does the whole analysis say?
add_library(vmstall_scenario STATIC scenario/ask.c scenario/founding.c scenario/small.c)
target_include_directories(vmstall_scenario PUBLIC ${CMAKE_CURRENT_SOURCE_DIR}/scenario)
target_link_libraries(vmstall_scenario PUBLIC vmstall_test_support vmstall_passes vmstall_writers PkgConfig::CMOCKA)

function(add_scenario_test name)
	add_vmstall_test(${name} scenario/${name}.c ${ARGN} LIBS vmstall_scenario)
	add_dependencies(${name} ${all_plugins})
endfunction()

add_scenario_test(test_founding)
add_scenario_test(test_silence)
add_scenario_test(test_edges)
add_scenario_test(test_clocks)
add_scenario_test(test_queue)
add_scenario_test(test_partial)
add_scenario_test(test_other)
add_scenario_test(test_reclaim)
add_scenario_test(test_diagnosis)
add_scenario_test(test_preempt_rt)
add_scenario_test(test_kernels)
add_scenario_test(test_hostile)
