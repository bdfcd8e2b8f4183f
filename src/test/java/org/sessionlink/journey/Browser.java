package org.sessionlink.journey;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.logging.Level;

import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.awaitility.pollinterval.IterativePollInterval;
import org.openqa.selenium.By;
import org.openqa.selenium.ElementClickInterceptedException;
import org.openqa.selenium.NotFoundException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.WindowType;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.sessionlink.Deadlines;

/** A tab of a headless Chromium with the page in it. */
final class Browser implements AutoCloseable {

	private static final Duration LONGEST_PAUSE = Duration.ofMillis(400);

	private final Profile profile;

	private final String window;

	private Browser(Profile profile, WindowType type) {
		this.profile = profile;
		this.window = profile.open(type);
	}

	/**
	 * Opens the page of a container's {@code /sessionlink}, with cookies of its own; the
	 * test is left out where there is no browser.
	 */
	static Browser at(Container container) {
		return at(container, "sessionlink");
	}

	/** Opens the page of a WAR that was deployed under this context. */
	static Browser at(Container container, String context) {
		return empty().load(container.url(context, "/").toString());
	}

	/** Opens the page at this URL. */
	static Browser at(URI url) {
		return empty().load(url.toString());
	}

	/** Opens the page that comes through a proxy. */
	static Browser at(TlsProxy proxy, String context) {
		return empty().load(proxy.origin() + "/" + context + "/");
	}

	/** Opens the page where scripts are forbidden. */
	static Browser withoutScripts(Container container, String context) {
		Browser browser = empty();
		browser.driver().executeCdpCommand("Emulation.setScriptExecutionDisabled", Map.of("value", true));
		return browser.load(container.url(context, "/").toString());
	}

	/**
	 * Opens the page, and counts its handshakes and what becomes of it from the start.
	 */
	static Browser recordedAt(Container container, String context) {
		return empty().recorded().load(container.url(context, "/").toString());
	}

	/**
	 * Opens the page in a tab that others can hide, and that can go to sleep, and counts
	 * as {@link #recordedAt} does.
	 */
	static Browser recordedWholeAt(Container container, String context) {
		return new Browser(Profile.openWhole(), WindowType.WINDOW).recorded()
			.load(container.url(context, "/").toString());
	}

	private Browser recorded() {
		devTools("Page.addScriptToEvaluateOnNewDocument", Map.of("source", Recorder.SCRIPT));
		return this;
	}

	private static Browser empty() {
		return new Browser(Profile.open(), WindowType.WINDOW);
	}

	private Browser load(String url) {
		driver().get(url);
		return this;
	}

	/**
	 * Opens the same page in another tab, with the same cookies; closing one closes both.
	 */
	Browser tab() {
		return tabAt("");
	}

	/** Opens the same page in another tab, and counts as {@link #recordedAt} does. */
	Browser recordedTab() {
		String url = driver().getCurrentUrl();
		return new Browser(this.profile, WindowType.TAB).recorded().load(url);
	}

	/** Opens an empty tab in front of the others, which hides these. */
	Browser emptyTab() {
		return new Browser(this.profile, WindowType.TAB);
	}

	/** Opens what is at a path, relative to the page, in another tab. */
	Browser tabAt(String path) {
		// To ask this tab once the other is there would put it in front again.
		String url = driver().getCurrentUrl() + path;
		return new Browser(this.profile, WindowType.TAB).load(url);
	}

	/** Opens another URL in another tab, with the same cookies. */
	Browser tabOf(URI url) {
		return new Browser(this.profile, WindowType.TAB).load(url.toString());
	}

	/** Follows a link to a path, relative to the page. */
	void leaveFor(String path) {
		load(driver().getCurrentUrl() + path);
	}

	/** Goes back as its button does. */
	void back() {
		driver().navigate().back();
	}

	/** Stops its timers and all it hears, as for a laptop that sleeps. */
	void freeze() {
		devTools("Page.setWebLifecycleState", Map.of("state", "frozen"));
	}

	/** Has it go on, and looks at it. */
	void thaw() {
		devTools("Page.setWebLifecycleState", Map.of("state", "active"));
		// It stays hidden until another was in front of it.
		emptyTab();
		await(() -> script("return document.visibilityState").equals("visible"));
	}

	/** Takes the network away, or gives it back. */
	void network(boolean there) {
		devTools("Network.enable", Map.of());
		devTools("Network.emulateNetworkConditions",
				Map.of("offline", !there, "latency", 0, "downloadThroughput", -1, "uploadThroughput", -1));
	}

	private void devTools(String command, Map<String, Object> parameters) {
		driver().executeCdpCommand(command, parameters);
	}

	WebElement find(String id) {
		return driver().findElement(By.id(id));
	}

	void click(String id) {
		await(() -> find(id).isEnabled() && isHit(id));
	}

	// What moves as the page changes may lie above it for a moment.
	private boolean isHit(String id) {
		try {
			find(id).click();
			return true;
		}
		catch (ElementClickInterceptedException ex) {
			return false;
		}
	}

	/** Writes into the name field, and sends with the Enter key. */
	void sendName(String name) {
		find("name").clear();
		find("name").sendKeys(name + "\n");
	}

	/** Logs in by the form, and waits until the page says who it is. */
	void logIn(String name, String password) {
		find("username").sendKeys(name);
		find("password").sendKeys(password + "\n");
		awaitWho("You are logged in as " + name + ".");
	}

	void awaitWho(String sentence) {
		await(() -> sentence.equals(find("who").getText()));
	}

	/** Sends a key to whatever has the focus. */
	void type(CharSequence keys) {
		driver().switchTo().activeElement().sendKeys(keys);
	}

	/** Returns the id of the element that has the focus. */
	String focus() {
		return driver().switchTo().activeElement().getAttribute("id");
	}

	void awaitState(String state) {
		await(() -> state.equals(find("state").getAttribute("data-state")));
	}

	void awaitShown(String id) {
		await(() -> find(id).isDisplayed());
	}

	void awaitHidden(String id) {
		await(() -> !find(id).isDisplayed());
	}

	/**
	 * Waits until the page has come to every timer that was due within two seconds: far
	 * longer than it waits before it first tries to connect again.
	 */
	void outlastTimers() {
		script("return new Promise((done) => setTimeout(done, 2_000))");
	}

	String state() {
		return find("state").getText();
	}

	/** Returns the greetings as they are read on the page, the newest first. */
	List<String> greetings() {
		return driver().findElements(By.cssSelector("#greetings li")).stream().map(WebElement::getText).toList();
	}

	/** Returns the lines of the timeline that are shown, the newest first. */
	List<String> timeline() {
		return lines("#timeline li");
	}

	/** Returns the lines that a selector finds, as they are read. */
	List<String> lines(String selector) {
		return ((List<?>) script(
				"return [...document.querySelectorAll('" + selector + "')].filter((line) => line.checkVisibility())"
						+ ".map((line) => line.innerText.replaceAll('\\n', ' '))"))
			.stream()
			.map(String.class::cast)
			.toList();
	}

	void await(BooleanSupplier condition) {
		try {
			Awaitility.await()
				.pollInSameThread()
				.pollDelay(Duration.ZERO)
				.pollInterval(new IterativePollInterval(Browser::longer, Duration.ofMillis(50)))
				.atMost(Deadlines.ANY)
				.ignoreExceptionsInstanceOf(NotFoundException.class)
				.until(condition::getAsBoolean);
		}
		catch (ConditionTimeoutException ex) {
			throw new AssertionError("Not so within " + Deadlines.ANY + " of a page that says: " + text(), ex);
		}
	}

	// To ask a browser costs it more than most pages cost.
	private static Duration longer(Duration pause) {
		return (pause.compareTo(LONGEST_PAUSE) < 0) ? pause.multipliedBy(2) : pause;
	}

	/**
	 * Makes the screen so wide, in CSS pixels, and the system light or dark, and calm.
	 */
	void show(int width, String scheme) {
		driver().executeCdpCommand("Emulation.setDeviceMetricsOverride",
				Map.of("width", width, "height", 850, "deviceScaleFactor", 1, "mobile", width < 500));
		driver().executeCdpCommand("Emulation.setScrollbarsHidden", Map.of("hidden", true));
		driver().executeCdpCommand("Emulation.setEmulatedMedia",
				Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme),
						Map.of("name", "prefers-reduced-motion", "value", "reduce"))));
	}

	/** Returns how many handshakes a recorded page has begun. */
	int handshakes() {
		return ((Long) script("return window.handshakes.length")).intValue();
	}

	void forgetCookies() {
		driver().manage().deleteAllCookies();
	}

	/**
	 * Does this as one moment for the page: what it asks meanwhile, by itself or by a
	 * click, goes out only then.
	 */
	void atOnce(Runnable steps) {
		script("const ask = window.fetch; let go; const gone = new Promise((done) => { go = done; });"
				+ "window.fetch = (...request) => gone.then(() => ask(...request)); window.askNow = ask; window.goOn = go;");
		steps.run();
		script("window.fetch = window.askNow; window.goOn()");
	}

	/** Runs a script, and returns what it returns or promises. */
	Object script(String script) {
		return driver().executeScript(script);
	}

	String text() {
		return driver().findElement(By.tagName("body")).getText();
	}

	/**
	 * Returns the warnings and errors that the browser has written to its console since
	 * the last call.
	 */
	List<String> complaints() {
		return driver().manage()
			.logs()
			.get(LogType.BROWSER)
			.getAll()
			.stream()
			.filter((entry) -> entry.getLevel().intValue() >= Level.WARNING.intValue())
			.map(LogEntry::getMessage)
			// That there is no session, which is an answer and nothing to complain of.
			.filter((message) -> !message.contains("/session - Failed to load resource") || !message.contains("404"))
			.toList();
	}

	/**
	 * Returns what keeps people from using the page as it is now, by the rules of axe.
	 */
	List<?> barriers() {
		if (script("return typeof axe").equals("undefined")) {
			script(Axe.SCRIPT);
		}
		return (List<?>) driver().executeAsyncScript(Axe.RUN);
	}

	/** Keeps a picture of the page, as long as it is. */
	void picture(String name) {
		Map<String, Object> picture = driver().executeCdpCommand("Page.captureScreenshot",
				Map.of("format", "png", "captureBeyondViewport", true));
		Path file = Path.of("target", "screenshots", name + ".png");
		try {
			Files.createDirectories(file.getParent());
			Files.write(file, Base64.getDecoder().decode((String) picture.get("data")));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Override
	public void close() {
		this.profile.close();
	}

	// It talks to one tab at a time.
	private ChromeDriver driver() {
		return this.profile.driver(this.window);
	}

}
