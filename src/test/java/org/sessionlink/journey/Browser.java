package org.sessionlink.journey;

import java.io.File;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;

import org.openqa.selenium.By;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.WindowType;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import org.openqa.selenium.support.ui.WebDriverWait;

/** A tab of a headless Chromium with the page in it. */
final class Browser implements AutoCloseable {

	private static final Logger devtools = Logger.getLogger("org.openqa.selenium.devtools");

	private static final List<String> NAMES = List.of("chromium", "chromium-browser", "google-chrome", "chrome");

	static {
		// It looks for its own copy of Chromium's protocol for each version, and can do
		// without.
		devtools.setLevel(Level.SEVERE);
	}

	private final ChromeDriver driver;

	private final String window;

	private Browser(ChromeDriver driver) {
		this.driver = driver;
		this.window = driver.getWindowHandle();
	}

	private static Browser start(ChromeOptions options) {
		ChromeDriverService service = new ChromeDriverService.Builder().usingDriverExecutable(onPath("chromedriver"))
			.usingAnyFreePort()
			.build();
		return new Browser(new ChromeDriver(service, options));
	}

	/**
	 * Opens the page of a container's {@code /sessionlink}; the test is left out where
	 * there is no browser.
	 */
	static Browser at(Container container) {
		return at(container, "sessionlink");
	}

	/** Opens the page of a WAR that was deployed under this context. */
	static Browser at(Container container, String context) {
		return at(container, context, options());
	}

	/** Opens the page where scripts are forbidden. */
	static Browser withoutScripts(Container container) {
		return at(container, "sessionlink", options().setExperimentalOption("prefs",
				Map.of("profile.managed_default_content_settings.javascript", 2)));
	}

	private static Browser at(Container container, String context, ChromeOptions options) {
		Browser browser = start(options);
		browser.driver.get(container.url(context, "/").toString());
		return browser;
	}

	/**
	 * Opens the same page in another tab, with the same cookies; closing one closes both.
	 */
	Browser tab() {
		String url = driver().getCurrentUrl();
		driver().switchTo().newWindow(WindowType.TAB).get(url);
		return new Browser(this.driver);
	}

	private static ChromeOptions options() {
		File chromium = NAMES.stream()
			.map(Browser::onPath)
			.filter(File::exists)
			.findFirst()
			.orElse(new File(NAMES.get(0)));
		Needed.command("Chromium with chromedriver", chromium.getPath(), "--version");
		Needed.command("Chromium with chromedriver", onPath("chromedriver").getPath(), "--version");
		LoggingPreferences logging = new LoggingPreferences();
		logging.enable(LogType.BROWSER, Level.ALL);
		ChromeOptions options = new ChromeOptions();
		options.setBinary(chromium);
		options.addArguments("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
				"--disable-background-networking", "--disable-component-update", "--disable-sync",
				"--window-size=1280,900");
		options.setCapability("goog:loggingPrefs", logging);
		return options;
	}

	private static File onPath(String program) {
		return Stream.of(System.getenv("PATH").split(File.pathSeparator))
			.map((folder) -> new File(folder, program))
			.filter(File::canExecute)
			.findFirst()
			.orElse(new File(program));
	}

	WebElement find(String id) {
		return driver().findElement(By.id(id));
	}

	void click(String id) {
		await(() -> find(id).isEnabled());
		find(id).click();
	}

	/** Writes into the name field, and sends with the Enter key. */
	void sendName(String name) {
		find("name").clear();
		find("name").sendKeys(name + "\n");
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

	void await(BooleanSupplier condition) {
		new WebDriverWait(driver(), Duration.ofSeconds(30), Duration.ofMillis(50))
			.until((ignored) -> condition.getAsBoolean());
	}

	/** Makes the screen so wide, in CSS pixels, and the system light or dark. */
	void show(int width, String scheme) {
		driver().executeCdpCommand("Emulation.setDeviceMetricsOverride",
				Map.of("width", width, "height", 850, "deviceScaleFactor", 1, "mobile", width < 500));
		driver().executeCdpCommand("Emulation.setEmulatedMedia",
				Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
	}

	void forgetCookies() {
		driver().manage().deleteAllCookies();
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
			.toList();
	}

	@Override
	public void close() {
		this.driver.quit();
	}

	// It talks to one tab at a time.
	private ChromeDriver driver() {
		this.driver.switchTo().window(this.window);
		return this.driver;
	}

}
