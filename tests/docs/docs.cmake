# SPDX-License-Identifier: LGPL-2.1-or-later
# The man pages and the completions, held to the program. A shell that is not installed is skipped, and says so.
if(VMSTALL_MAN)
	add_test(NAME man_pages COMMAND python3 ${CMAKE_SOURCE_DIR}/tests/docs/pages.py $<TARGET_FILE:vmstall>
		${CMAKE_BINARY_DIR}/man ${CMAKE_SOURCE_DIR}/samples/sample-arm64-5.10-dmazone-stall.dat)
	set_tests_properties(man_pages PROPERTIES TIMEOUT 120 ENVIRONMENT "${as_run}")
endif()
foreach(shell bash zsh fish)
	add_test(NAME completion_${shell} COMMAND sh -c "command -v ${shell} >/dev/null || exit 77; exec \"$@\"" sh
		${shell} ${CMAKE_SOURCE_DIR}/tests/docs/completion.${shell} $<TARGET_FILE:vmstall>)
	set_tests_properties(completion_${shell} PROPERTIES TIMEOUT 120 SKIP_RETURN_CODE 77 ENVIRONMENT "${as_run}")
endforeach()
