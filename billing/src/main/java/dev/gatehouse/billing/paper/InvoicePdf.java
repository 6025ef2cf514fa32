package dev.gatehouse.billing.paper;

import com.openhtmltopdf.pdfboxout.PdfRendererBuilder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/** A page as PDF. */
public final class InvoicePdf {
    private InvoicePdf() {}

    /** @param page as {@link InvoicePage} makes it; nothing that it might name is fetched */
    public static byte[] of(String page) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(64 * 1024);
        try {
            PdfRendererBuilder builder = new PdfRendererBuilder();
            builder.useUriResolver((base, uri) -> null);
            builder.withHtmlContent(page.replace("<!DOCTYPE html>\n", ""), null);
            builder.withProducer("Gatehouse");
            builder.toStream(out);
            builder.run();
            return out.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException("the invoice cannot be laid out", e);
        }
    }
}
