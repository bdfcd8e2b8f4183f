package org.sessionlink.watch;

import java.util.List;

/** What is metered besides the links, asked for once at the start. */
public interface Figures {

	/** Returns the figures that there are here. */
	List<Figure> all();

}
