# As the library of this name has it. SPDX-License-Identifier: Apache-2.0
