package org.sessionlink.journey;

import java.awt.Color;
import java.awt.Font;
import java.awt.geom.Rectangle2D;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.Locale;

import de.erichseifert.vectorgraphics2d.VectorGraphics2D;
import de.erichseifert.vectorgraphics2d.svg.SVGProcessor;
import de.erichseifert.vectorgraphics2d.util.PageSize;
import org.jfree.chart.ChartFactory;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.StandardChartTheme;
import org.jfree.chart.axis.CategoryAxis;
import org.jfree.chart.axis.CategoryLabelPosition;
import org.jfree.chart.axis.CategoryLabelPositions;
import org.jfree.chart.axis.CategoryLabelWidthType;
import org.jfree.chart.axis.LogAxis;
import org.jfree.chart.axis.NumberTickUnit;
import org.jfree.chart.labels.ItemLabelAnchor;
import org.jfree.chart.labels.ItemLabelPosition;
import org.jfree.chart.labels.StandardCategoryItemLabelGenerator;
import org.jfree.chart.plot.CategoryPlot;
import org.jfree.chart.plot.PlotOrientation;
import org.jfree.chart.renderer.category.BarRenderer;
import org.jfree.chart.renderer.category.StandardBarPainter;
import org.jfree.chart.text.TextBlockAnchor;
import org.jfree.chart.ui.RectangleAnchor;
import org.jfree.chart.ui.TextAnchor;
import org.jfree.data.category.DefaultCategoryDataset;

/**
 * A bar for each gain of SessionLink over plain Spring, on each container: to the right
 * where it is better, to the left where it is worse.
 */
final class Chart {

	private static final int WIDTH = 1000;

	private static final int HEIGHT_OF_BAR = 14;

	private static final Color[] COLOURS = { new Color(0x1b6ca8), new Color(0xd98324), new Color(0x4f8f4f),
			new Color(0x8a5a9e) };

	private final DefaultCategoryDataset gains = new DefaultCategoryDataset();

	void add(String container, Row row) {
		double gain = row.gain();
		if (Double.isFinite(gain)) {
			this.gains.addValue(gain, container, row.scenario().words() + ": " + row.figure());
		}
	}

	/** Writes it as SVG, where there is a bar. */
	void write(Path file) throws IOException {
		if (this.gains.getRowCount() == 0) {
			return;
		}
		int height = 120 + this.gains.getColumnCount() * (this.gains.getRowCount() + 1) * HEIGHT_OF_BAR;
		VectorGraphics2D graphics = new VectorGraphics2D();
		drawing().draw(graphics, new Rectangle2D.Double(0, 0, WIDTH, height));
		ByteArrayOutputStream svg = new ByteArrayOutputStream();
		new SVGProcessor().getDocument(graphics.getCommands(), new PageSize(0, 0, WIDTH, height)).writeTo(svg);
		// It names the font of this machine only.
		Files.writeString(file, svg.toString(StandardCharsets.UTF_8).replace("&quot;;", "&quot;,sans-serif;"));
	}

	private JFreeChart drawing() {
		JFreeChart chart = ChartFactory.createBarChart("How many times better than plain Spring (1: the same)", null,
				null, this.gains, PlotOrientation.HORIZONTAL, true, false, false);
		theme().apply(chart);
		CategoryPlot plot = chart.getCategoryPlot();
		CategoryAxis names = plot.getDomainAxis();
		names.setLowerMargin(0.01);
		names.setUpperMargin(0.01);
		names.setCategoryLabelPositions(wide(names.getCategoryLabelPositions()));
		plot.setRangeAxis(axis());
		plot.setRenderer(bars());
		return chart;
	}

	private static CategoryLabelPositions wide(CategoryLabelPositions positions) {
		return CategoryLabelPositions.replaceLeftPosition(positions, new CategoryLabelPosition(RectangleAnchor.RIGHT,
				TextBlockAnchor.CENTER_RIGHT, CategoryLabelWidthType.RANGE, 0.6f));
	}

	private static StandardChartTheme theme() {
		StandardChartTheme theme = (StandardChartTheme) StandardChartTheme.createJFreeTheme();
		// Not 12: VectorGraphics2D takes it for everyone's default, and leaves it out.
		theme.setExtraLargeFont(new Font(Font.SANS_SERIF, Font.BOLD, 16));
		theme.setLargeFont(new Font(Font.SANS_SERIF, Font.PLAIN, 13));
		theme.setRegularFont(new Font(Font.SANS_SERIF, Font.PLAIN, 13));
		theme.setSmallFont(new Font(Font.SANS_SERIF, Font.PLAIN, 11));
		theme.setPlotBackgroundPaint(Color.WHITE);
		theme.setRangeGridlinePaint(Color.LIGHT_GRAY);
		return theme;
	}

	// Twice as good is as far from the same as half as good.
	private static LogAxis axis() {
		LogAxis axis = new LogAxis();
		axis.setBase(2);
		axis.setTickUnit(new NumberTickUnit(1));
		axis.setNumberFormatOverride(number());
		axis.setUpperMargin(0.1);
		axis.setLowerMargin(0.1);
		return axis;
	}

	private static BarRenderer bars() {
		BarRenderer bars = new BarRenderer();
		bars.setBase(1);
		bars.setBarPainter(new StandardBarPainter());
		bars.setShadowVisible(false);
		bars.setItemMargin(0);
		for (int i = 0; i < COLOURS.length; i++) {
			bars.setSeriesPaint(i, COLOURS[i]);
		}
		bars.setDefaultItemLabelGenerator(new StandardCategoryItemLabelGenerator("{2}", number()));
		bars.setDefaultItemLabelsVisible(true);
		bars.setDefaultPositiveItemLabelPosition(
				new ItemLabelPosition(ItemLabelAnchor.OUTSIDE3, TextAnchor.CENTER_LEFT));
		return bars;
	}

	private static DecimalFormat number() {
		return new DecimalFormat("0.0#", DecimalFormatSymbols.getInstance(Locale.ROOT));
	}

}
