# SPDX-License-Identifier: LGPL-2.1-or-later
# Citations in comments and texts must exist. Man pages and completions must match the program. A shell that is not
# installed is reported as skipped.
add_test(NAME citations COMMAND python3 ${CMAKE_SOURCE_DIR}/tests/docs/citations.py ${CMAKE_SOURCE_DIR})
add_test(NAME citations_can_fail COMMAND python3 ${CMAKE_SOURCE_DIR}/tests/docs/citations.py --self-test)
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

# The page of rules must match the table. `vmstall rules --markdown >docs/HEURISTICS.md` updates the page.
add_test(NAME heuristics COMMAND sh -c "\"$1\" rules --markdown | diff -u \"$2\" -" sh $<TARGET_FILE:vmstall>
	${CMAKE_SOURCE_DIR}/docs/HEURISTICS.md)
set_tests_properties(heuristics PROPERTIES TIMEOUT 60 ENVIRONMENT "${as_run}")
