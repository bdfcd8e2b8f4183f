package org.sessionlink.watch;

import org.springframework.context.annotation.ImportSelector;
import org.springframework.core.type.AnnotationMetadata;
import org.springframework.util.ClassUtils;

/** Adds the {@link LinkMeters} where Micrometer is there, which others may leave out. */
final class MetersSelector implements ImportSelector {

	private static final String REGISTRY = "io.micrometer.core.instrument.MeterRegistry";

	private static final String[] NONE = {};

	@Override
	public String[] selectImports(AnnotationMetadata importing) {
		boolean present = ClassUtils.isPresent(REGISTRY, MetersSelector.class.getClassLoader());
		return present ? new String[] { "org.sessionlink.watch.LinkMeters" } : NONE;
	}

}
