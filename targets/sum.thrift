/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the target sumd serves. `thrift --gen py targets/sum.thrift` makes a client. */

exception DivideByZero {
  1: string message
}

exception NotFound {
  1: string message
}

service SumService {
  i32 sum(1: i32 num1, 2: i32 num2),
  i32 divide(1: i32 num1, 2: i32 num2) throws (1: DivideByZero e),
  string lookup(1: string key) throws (1: NotFound e),
  i64 total(1: list<i32> numbers)
}
