package org.sessionlink;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * On a test that shows a difference from plain Spring, of unit or journey: each row of
 * the chapter's table has one, and each names a row, see {@code DifferencesTest}.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@Documented
public @interface OnPurpose {

	/** The first cells of the rows that it shows, as they stand in the table. */
	String[] value();

}
