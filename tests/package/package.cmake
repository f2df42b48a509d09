# SPDX-License-Identifier: LGPL-2.1-or-later
# What is installed. gcov writes its counts where the build was: that is told then.
if(NOT VMSTALL_COVERAGE)
	add_test(NAME no_build_paths COMMAND sh ${CMAKE_SOURCE_DIR}/tests/package/paths.sh ${CMAKE_BINARY_DIR} ${CMAKE_SOURCE_DIR})
endif()
