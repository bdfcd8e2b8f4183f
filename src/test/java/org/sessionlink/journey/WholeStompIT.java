package org.sessionlink.journey;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** B35: acknowledgement, transactions and logins of CONNECT, from handshake to close. */
@OnEveryContainer
class WholeStompIT {

	private final Container container;

	WholeStompIT(Container container) {
		this.container = container;
	}

	@BeforeAll
	static void deploy() {
		String open = "sessionlink.destinations.send=/app/**, /topic/**, /queue/**\n";
		SharedContainers.deploy(WholeStompIT.class,
				War.withSettings(open + "sessionlink.destinations.work=/queue/work/**"), "whole");
		SharedContainers.deploy(WholeStompIT.class, War.withSettings("""
				sessionlink.connect-login=required
				sessionlink.operator.name=ada
				sessionlink.operator.password=correct horse
				"""), "members");
	}

	@Test
	void whatABrokenConnectionHasNotAcknowledgedComesWhenItsClientIsBack() {
		Visitor visitor = new Visitor(this.container, "whole");
		visitor.request("POST", "/session");
		Socket broken = visitor.connect();
		take(broken, "/queue/mine", "client");
		broken.send("/queue/mine", "one").send("/queue/mine", "two");
		Frame first = broken.awaitMessage("1");
		broken.awaitMessage("1");
		broken.send("ACK\nid:" + first.header("ack") + "\nreceipt:r\n\n\0").await("RECEIPT");

		broken.drop();
		Socket back = visitor.connect();
		back.send("SUBSCRIBE\nid:1\nack:client\ndestination:/queue/mine\n\n\0");

		Frame again = back.awaitMessage("1");
		assertThat(again.body()).isEqualTo("two");
		assertThat(again.header("redelivered")).isEqualTo("1");
	}

	@Test
	void theWorkOfOneWhoIsGoneIsAnothers() {
		Socket one = new Visitor(this.container, "whole").connect();
		Socket other = new Visitor(this.container, "whole").connect();
		take(one, "/queue/work/a", "client-individual");
		one.send("/queue/work/a", "first");
		assertThat(one.awaitMessage("1").body()).isEqualTo("first");
		take(other, "/queue/work/a", "client-individual");
		other.send("/queue/work/a", "second");
		assertThat(other.awaitMessage("1").body()).isEqualTo("second");

		one.drop();

		Frame again = other.awaitMessage("1");
		assertThat(again.body()).isEqualTo("first");
		assertThat(again.header("redelivered")).isEqualTo("1");
	}

	@Test
	void aTransactionIsDeliveredAtItsCommitAndGoneWithItsSocket() {
		Socket reader = new Visitor(this.container, "whole").connect();
		take(reader, "/topic/bills", "auto");
		Visitor visitor = new Visitor(this.container, "whole");
		visitor.request("POST", "/session");
		Socket broken = visitor.connect();
		bill(broken, "lost");

		broken.drop();
		Socket back = visitor.connect();
		bill(back, "paid");
		back.send("COMMIT\ntransaction:t\nreceipt:c\n\n\0");

		assertThat(back.await("RECEIPT").header("receipt-id")).isEqualTo("held");
		assertThat(back.await("RECEIPT").header("receipt-id")).isEqualTo("c");
		assertThat(reader.awaitMessage("1").body()).isEqualTo("paid");
		assertThat(back.send("COMMIT\ntransaction:t\n\n\0").await("ERROR").header("message"))
			.isEqualTo("no-transaction");
		assertThat(back.awaitClose().status()).isEqualTo(1008);
	}

	private static void bill(Socket socket, String body) {
		socket.send("BEGIN\ntransaction:t\n\n\0");
		socket.send("SEND\ndestination:/topic/bills\ntransaction:t\nreceipt:held\n\n" + body + "\0");
	}

	@Test
	void whereALoginIsRequiredNobodyConnectsWithoutTheRightOne() {
		Visitor visitor = new Visitor(this.container, "members");

		Frame without = visitor.open("v12.stomp").connect("");
		Frame wrong = visitor.open("v12.stomp").connect("login:ada\npasscode:guess\n");
		Frame right = visitor.open("v12.stomp").connect("login:ada\npasscode:correct horse\n");

		assertThat(without.command()).isEqualTo("ERROR");
		assertThat(without.header("message")).isEqualTo("login-refused");
		assertThat(wrong.header("message")).isEqualTo("login-refused");
		assertThat(right.command()).isEqualTo("CONNECTED");
		assertThat(right.header("user-name")).isEqualTo("ada");
		assertThat(this.container.log()).doesNotContain("correct horse", "guess");
	}

	private static void take(Socket socket, String destination, String mode) {
		socket.send("SUBSCRIBE\nid:1\nack:" + mode + "\nreceipt:sub\ndestination:" + destination + "\n\n\0")
			.await("RECEIPT");
	}

}
