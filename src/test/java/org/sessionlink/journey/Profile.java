package org.sessionlink.journey;

import java.io.File;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;

import org.openqa.selenium.WindowType;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.devtools.Command;
import org.openqa.selenium.json.Json;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/**
 * A profile of a headless Chromium that no other test has: cookies, storage, console and
 * tabs. The Chromium itself goes to the next who wants one, as its start takes seconds.
 */
final class Profile implements AutoCloseable {

	private static final Logger devtools = Logger.getLogger("org.openqa.selenium.devtools");

	private static final List<String> WHOLE = List.of("chromium", "chromium-browser", "google-chrome", "chrome");

	/**
	 * Without windows, which takes a quarter of the work; where there is none, the whole
	 * one does.
	 */
	private static final List<String> LIGHT = Stream.concat(Stream.of("chromium-headless-shell"), WHOLE.stream())
		.toList();

	// More at once would only wait for each other.
	private static final Semaphore permits = new Semaphore(8, true);

	private static final Map<File, Deque<ChromeDriver>> idle = new ConcurrentHashMap<>();

	private static final Queue<ChromeDriver> started = new ConcurrentLinkedQueue<>();

	static {
		Phases.atTheEnd(Profile::quitAll);
		// It looks for its own copy of Chromium's protocol for each version, and can do
		// without.
		devtools.setLevel(Level.SEVERE);
	}

	private final AtomicBoolean closed = new AtomicBoolean();

	private final Deque<ChromeDriver> others;

	private final ChromeDriver driver;

	private final String firstWindow;

	private final String id;

	private String current;

	private Profile(ChromeDriver driver, Deque<ChromeDriver> others) {
		this.others = others;
		this.driver = driver;
		this.firstWindow = driver.getWindowHandle();
		this.id = ask("Target.createBrowserContext", Map.of(), "browserContextId");
	}

	/** Opens a profile; the test is left out where there is no Chromium. */
	static Profile open() {
		return open(System.getProperty("it.browser", "light").equals("whole") ? WHOLE : LIGHT);
	}

	/** Opens one of a Chromium whose tabs hide each other, and go to sleep. */
	static Profile openWhole() {
		return open(WHOLE);
	}

	private static Profile open(List<String> names) {
		permits.acquireUninterruptibly();
		File chromium = names.stream()
			.map(Profile::onPath)
			.filter(File::exists)
			.findFirst()
			.orElse(new File(names.get(0)));
		Deque<ChromeDriver> others = idle.computeIfAbsent(chromium, (first) -> new ConcurrentLinkedDeque<>());
		ChromeDriver waiting = others.poll();
		return new Profile((waiting != null) ? waiting : start(chromium), others);
	}

	/** Opens an empty tab or window, and returns its handle. */
	String open(WindowType type) {
		// Whoever is asked next comes to the front again.
		this.current = null;
		return ask("Target.createTarget",
				Map.of("url", "about:blank", "browserContextId", this.id, "newWindow", type == WindowType.WINDOW),
				"targetId");
	}

	/** Returns what talks to one of the tabs. */
	ChromeDriver driver(String window) {
		// To turn to where it is costs more than most of what is asked there.
		if (!window.equals(this.current)) {
			this.driver.switchTo().window(window);
			this.current = window;
		}
		return this.driver;
	}

	// By Chromium's own protocol: for that of all browsers, it would run a page more,
	// that
	// hears of all that the others do.
	private String ask(String command, Map<String, Object> parameters, String answer) {
		Map<String, Object> answers = this.driver.getDevTools()
			.send(new Command<Map<String, Object>>(command, parameters, Json.MAP_TYPE));
		return (String) answers.get(answer);
	}

	@Override
	public void close() {
		if (this.closed.compareAndSet(false, true)) {
			ask("Target.disposeBrowserContext", Map.of("browserContextId", this.id), "");
			this.driver.switchTo().window(this.firstWindow);
			this.driver.manage().logs().get(LogType.BROWSER);
			this.others.push(this.driver);
			permits.release();
		}
	}

	// As the JVM ends, Selenium ends the drivers, which would leave each Chromium behind.
	// Some do not end when they are asked to, and a driver waits for those for long.
	private static void quitAll() {
		ProcessHandle.current()
			.descendants()
			.filter((process) -> process.info().command().orElse("").contains("chrom"))
			.filter((process) -> !process.info().command().orElse("").endsWith("chromedriver"))
			.forEach(ProcessHandle::destroyForcibly);
		started.parallelStream().forEach(ChromeDriver::quit);
	}

	private static ChromeDriver start(File chromium) {
		ChromeDriverService service = new ChromeDriverService.Builder().usingDriverExecutable(onPath("chromedriver"))
			.usingAnyFreePort()
			.build();
		ChromeDriver driver = new ChromeDriver(service, options(chromium));
		started.add(driver);
		return driver;
	}

	private static ChromeOptions options(File chromium) {
		Needed.command("Chromium with chromedriver", chromium.getPath(), "--version");
		Needed.command("Chromium with chromedriver", onPath("chromedriver").getPath(), "--version");
		LoggingPreferences logging = new LoggingPreferences();
		logging.enable(LogType.BROWSER, Level.ALL);
		ChromeOptions options = new ChromeOptions();
		options.setBinary(chromium);
		options.addArguments("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
				"--disable-background-networking", "--disable-component-update", "--disable-sync",
				"--window-size=1280,900", "--force-prefers-reduced-motion",
				// Processes that draw nothing here, or only wait for a page.
				"--in-process-gpu", "--disable-features=SpareRendererForSitePerProcess",
				// Those of a TlsProxy are made for the occasion.
				"--ignore-certificate-errors");
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

}
