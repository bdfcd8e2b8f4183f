package org.sessionlink.journey.twin.linked;

import org.sessionlink.EnableSessionLink;
import org.sessionlink.journey.twin.TwinConfig;

import org.springframework.context.annotation.Configuration;

@Configuration
@EnableSessionLink
class LinkedConfig extends TwinConfig {

}
