/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "util/utf8.h"
