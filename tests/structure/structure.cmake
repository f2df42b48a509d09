# SPDX-License-Identifier: LGPL-2.1-or-later
add_test(NAME structure COMMAND Python3::Interpreter ${CMAKE_CURRENT_LIST_DIR}/structure.py ${CMAKE_SOURCE_DIR})
