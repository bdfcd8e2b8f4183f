package org.sessionlink.watch;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * Says in words which browser somebody uses, such as {@code Firefox 133 on Windows}. What
 * a browser says of itself is anybody's choice: none of it is repeated but the digits of
 * a version.
 */
final class BrowserWords {

	private BrowserWords() {
	}

	/** Returns the words for what a request says in its header {@code User-Agent}. */
	static String of(@Nullable String userAgent) {
		String text = (userAgent != null) ? userAgent : "";
		String browser = "Unknown browser";
		for (Browser candidate : Browser.values()) {
			Matcher found = candidate.pattern.matcher(text);
			if (found.find()) {
				String version = found.group(1);
				browser = candidate.words + ((version != null) ? " " + version : "");
				break;
			}
		}
		for (Machine candidate : Machine.values()) {
			if (candidate.pattern.matcher(text).find()) {
				return browser + " on " + candidate.words;
			}
		}
		return browser;
	}

	/** Browsers, those that call themselves others as well before these. */
	private enum Browser {

		EDGE("Edge", "Edg|EdgA|EdgiOS"), OPERA("Opera", "OPR|OPT|Opera"), SAMSUNG("Samsung Internet", "SamsungBrowser"),
		VIVALDI("Vivaldi", "Vivaldi"), FIREFOX("Firefox", "Firefox|FxiOS"),
		CHROME("Chrome", "Chrome|CriOS|HeadlessChrome"), SAFARI("Safari", "Version(?=/.{1,40} Safari/)");

		private final String words;

		private final Pattern pattern;

		Browser(String words, String products) {
			this.words = words;
			this.pattern = Pattern.compile("(?<![^ (])(?:" + products + ")(?:/(\\d{1,4})(?!\\d)|(?=/))");
		}

	}

	/** What browsers run on, those that are called others as well before these. */
	private enum Machine {

		IPHONE("iPhone", "iPhone"), IPAD("iPad", "iPad"), ANDROID("Android", "Android"), CHROME_OS("ChromeOS", "CrOS"),
		WINDOWS("Windows", "Windows NT"), MACOS("macOS", "Macintosh"), LINUX("Linux", "Linux|X11");

		private final String words;

		private final Pattern pattern;

		Machine(String words, String names) {
			this.words = words;
			this.pattern = Pattern.compile("\\((?:[^)]{0,200}; ?)?(?:" + names + ")\\b");
		}

	}

}
