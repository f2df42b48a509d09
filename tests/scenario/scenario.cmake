# SPDX-License-Identifier: LGPL-2.1-or-later
# Recordings built from a known story: does the whole analysis find this story?
add_library(vmstall_scenario STATIC scenario/ask.c scenario/founding.c scenario/small.c)
target_include_directories(vmstall_scenario PUBLIC ${CMAKE_CURRENT_SOURCE_DIR}/scenario)
target_link_libraries(vmstall_scenario PUBLIC vmstall_test_support vmstall_analysis vmstall_export PkgConfig::CMOCKA)

function(add_scenario_test name)
	add_vmstall_test(${name} scenario/${name}.c ${ARGN} LIBS vmstall_scenario)
	add_dependencies(${name} ${all_plugins})
endfunction()

foreach(name recorded claims founding silence edges clocks queue partial other reclaim diagnosis preempt_rt kernels hostile leaks account atomic)
	add_scenario_test(test_${name})
endforeach()
