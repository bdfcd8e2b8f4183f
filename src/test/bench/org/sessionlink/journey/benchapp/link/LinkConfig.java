package org.sessionlink.journey.benchapp.link;

import org.sessionlink.EnableSessionLink;
import org.sessionlink.journey.benchapp.BenchBroker;
import org.sessionlink.journey.benchapp.BenchController;

import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.web.servlet.config.annotation.EnableWebMvc;

@Configuration
@EnableWebMvc
@EnableSessionLink
@Import({ BenchBroker.class, BenchController.class })
class LinkConfig {

}
