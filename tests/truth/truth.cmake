# SPDX-License-Identifier: LGPL-2.1-or-later
# Compare the findings in real recordings with the known truth. Short cuts are in the clone; longer ones may lie beside it.
file(GLOB leak_recordings ${CMAKE_SOURCE_DIR}/tests/fixtures/leaks/*.dat
	${CMAKE_SOURCE_DIR}/tests/fixtures/recordings/*.dat ${CMAKE_SOURCE_DIR}/samples/*.dat)
file(GLOB leak_recordings_beside ${CMAKE_SOURCE_DIR}/../shared/recordings/*.dat)
foreach(what leaks gfp)
	add_test(NAME truth_${what} COMMAND Python3::Interpreter ${CMAKE_SOURCE_DIR}/tests/truth/${what}.py
		--vmstall $<TARGET_FILE:vmstall> ${leak_recordings} ${leak_recordings_beside})
	set_tests_properties(truth_${what} PROPERTIES TIMEOUT 300 ENVIRONMENT "${as_run}")
endforeach()

# What judges is judged: right and wrong answers, made by hand.
add_test(NAME truth_judges COMMAND Python3::Interpreter ${CMAKE_SOURCE_DIR}/tests/truth/test_judges.py)

# Compare with other tools: the kernel's own script, and trace-cmd.
foreach(what account gfp)
	add_test(NAME ${what}_crosscheck COMMAND sh ${CMAKE_SOURCE_DIR}/tests/truth/${what}.sh $<TARGET_FILE:vmstall>)
	set_tests_properties(${what}_crosscheck PROPERTIES TIMEOUT 300 SKIP_RETURN_CODE 77 ENVIRONMENT "${as_run}")
endforeach()

# How recordings with truth are made (record/): of an emulated machine, only that it is called rightly, and of this one.
foreach(script record here)
	add_test(NAME record_${script} COMMAND sh ${CMAKE_SOURCE_DIR}/tests/truth/record/test_${script}.sh $<TARGET_FILE:vmstall>)
	set_tests_properties(record_${script} PROPERTIES TIMEOUT 300 SKIP_RETURN_CODE 77 ENVIRONMENT "${as_run}")
endforeach()
