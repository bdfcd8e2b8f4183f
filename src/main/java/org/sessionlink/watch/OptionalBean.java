package org.sessionlink.watch;

import java.util.function.Supplier;

import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.context.annotation.ImportBeanDefinitionRegistrar;
import org.springframework.core.type.AnnotationMetadata;
import org.springframework.util.ClassUtils;

/** A bean that needs a library which others may leave out. */
abstract class OptionalBean implements ImportBeanDefinitionRegistrar {

	private final String needed;

	private final Supplier<Class<?>> bean;

	/**
	 * Makes it.
	 * @param needed the name of a class of the library
	 * @param bean asked for where that is there
	 */
	OptionalBean(String needed, Supplier<Class<?>> bean) {
		this.needed = needed;
		this.bean = bean;
	}

	@Override
	public void registerBeanDefinitions(AnnotationMetadata importing, BeanDefinitionRegistry registry) {
		if (ClassUtils.isPresent(this.needed, OptionalBean.class.getClassLoader())) {
			RootBeanDefinition definition = new RootBeanDefinition(this.bean.get());
			definition.setLazyInit(false);
			registry.registerBeanDefinition(this.bean.get().getName(), definition);
		}
		else {
			missing();
		}
	}

	/** Does what is to be done without the library: nothing. */
	void missing() {
	}

	/** The meters, where Micrometer is there. */
	static final class Meters extends OptionalBean {

		Meters() {
			super("io.micrometer.core.instrument.MeterRegistry", () -> LinkMeters.class);
		}

	}

	/** What shows them. */
	static final class Metrics extends OptionalBean {

		Metrics() {
			super("io.micrometer.prometheusmetrics.PrometheusMeterRegistry", () -> MetricsController.class);
		}

		@Override
		void missing() {
			throw new IllegalStateException("MetricsApi is imported, and what it shows metrics with is missing: "
					+ "add io.micrometer:micrometer-registry-prometheus.");
		}

	}

}
