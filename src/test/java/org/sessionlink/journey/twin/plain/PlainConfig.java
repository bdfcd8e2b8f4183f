package org.sessionlink.journey.twin.plain;

import org.sessionlink.journey.twin.TwinConfig;

import org.springframework.context.annotation.Configuration;
import org.springframework.web.socket.config.annotation.EnableWebSocketMessageBroker;

@Configuration
@EnableWebSocketMessageBroker
class PlainConfig extends TwinConfig {

}
