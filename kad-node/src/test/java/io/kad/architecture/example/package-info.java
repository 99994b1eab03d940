/** Classes that keep or break a rule, to show that it can tell them apart. */
package io.kad.architecture.example;
