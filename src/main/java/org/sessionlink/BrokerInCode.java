package org.sessionlink;

import java.util.Arrays;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.messaging.simp.broker.DefaultSubscriptionRegistry;
import org.springframework.messaging.simp.broker.SimpleBrokerMessageHandler;
import org.springframework.scheduling.TaskScheduler;

/**
 * What an application sets in code for the simple broker (B39): it counts where no
 * setting says otherwise.
 */
final class BrokerInCode {

	private static final Logger logger = LoggerFactory.getLogger(BrokerInCode.class);

	private static final String HEARTBEAT = "sessionlink.heartbeat";

	private final SimpleBrokerMessageHandler broker;

	private final Settings settings;

	BrokerInCode(SimpleBrokerMessageHandler broker, Settings settings) {
		this.broker = broker;
		this.settings = settings;
	}

	/** Gives it heart-beats both ways (B36), unless the application has. */
	void giveHeartbeats(Supplier<TaskScheduler> scheduler) {
		long millis = this.settings.outbound().heartbeat().toMillis();
		long[] inCode = this.broker.getHeartbeatValue();
		String given = this.settings.given(HEARTBEAT);
		if (inCode != null) {
			sayWhichCount(Arrays.toString(inCode), given);
		}
		if ((inCode == null) ? millis > 0 : given != null) {
			if (this.broker.getTaskScheduler() == null) {
				this.broker.setTaskScheduler(scheduler.get());
			}
			this.broker.setHeartbeatValue(new long[] { millis, millis });
		}
	}

	private static void sayWhichCount(String inCode, @Nullable String given) {
		if (given != null) {
			logger.warn("{} = {} counts, and not the {}ms that the application says in code", HEARTBEAT, given, inCode);
		}
		else {
			logger.info("{} = {}ms, as the application says in code", HEARTBEAT, inCode);
		}
	}

	/** Gives the header for selectors a name where they are open to clients. */
	void nameSelectors() {
		if (!(this.broker.getSubscriptionRegistry() instanceof DefaultSubscriptionRegistry registry)) {
			return;
		}
		boolean open = this.settings.inbound().destinations().selectors();
		String name = registry.getSelectorHeaderName();
		if (open && name == null) {
			this.broker.setSelectorHeaderName("selector");
		}
		else if (!open && name != null) {
			logger.warn("The application has enabled selectors in code, by the header {}: clients may use them with "
					+ "sessionlink.destinations.selectors=on", name);
		}
	}

}
