package org.sessionlink.journey.benchapp.plain;

import org.sessionlink.journey.benchapp.BenchBroker;
import org.sessionlink.journey.benchapp.BenchController;

import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.web.servlet.config.annotation.EnableWebMvc;
import org.springframework.web.socket.config.annotation.EnableWebSocketMessageBroker;

@Configuration
@EnableWebMvc
@EnableWebSocketMessageBroker
@Import({ BenchBroker.class, BenchController.class })
class PlainConfig {

}
