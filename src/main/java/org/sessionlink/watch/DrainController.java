package org.sessionlink.watch;

import java.security.Principal;

import jakarta.servlet.http.HttpServletRequest;
import org.sessionlink.watch.DrainOperations.Draining;

import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/**
 * How operators let the clients of a server go before they stop it, over HTTP (B54). It
 * comes with the {@link OperatorController}.
 */
@RestController
@RequestMapping(path = "/operator/drain", produces = MediaType.APPLICATION_JSON_VALUE)
final class DrainController {

	private final Operators operators;

	private final DrainOperations operations;

	DrainController(Operators operators, DrainOperations operations) {
		this.operators = operators;
		this.operations = operations;
	}

	@ModelAttribute
	void operatorsOnly(HttpServletRequest request) {
		this.operators.check(request);
	}

	@GetMapping
	Draining look() {
		return this.operations.look();
	}

	@PostMapping
	@ResponseStatus(HttpStatus.ACCEPTED)
	Draining begin(@RequestParam(defaultValue = "") String reason, Principal operator) {
		return this.operations.begin(operator.getName(), OperatorController.valid(reason));
	}

	@DeleteMapping
	Draining cancel(@RequestParam(defaultValue = "") String reason, Principal operator) {
		return this.operations.cancel(operator.getName(), OperatorController.valid(reason));
	}

	@ExceptionHandler
	ResponseEntity<Problem> refused(RefusedException ex) {
		return Problem.answer(ex.status(), ex.code(), ex);
	}

}
