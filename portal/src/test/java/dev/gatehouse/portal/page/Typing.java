package dev.gatehouse.portal.page;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A form that posts, as it stands on a page: where it goes and what can be typed into it. */
record Typing(String action, List<String> names, List<String> fixed) {
    private static final Pattern FORM =
            Pattern.compile("<form[^>]*method=\"post\"[^>]*action=\"([^\"]+)\"[^>]*>(.*?)</form>", Pattern.DOTALL);
    private static final Pattern FIELD = Pattern.compile("<(?:input|textarea)[^>]*\\bname=\"([^\"]+)\"[^>]*>");
    private static final Pattern TYPE = Pattern.compile("\\btype=\"([^\"]+)\"");
    private static final Pattern VALUE = Pattern.compile("\\bvalue=\"([^\"]*)\"");

    static List<Typing> formsOn(String page) {
        List<Typing> forms = new ArrayList<>();
        Matcher form = FORM.matcher(page);
        while (form.find()) {
            List<String> names = new ArrayList<>();
            List<String> fixed = new ArrayList<>();
            Matcher field = FIELD.matcher(form.group(2));
            while (field.find()) {
                Matcher type = TYPE.matcher(field.group());
                String kind = type.find() ? type.group(1) : "text";
                if (kind.equals("hidden") || kind.equals("radio") || kind.equals("checkbox")) {
                    Matcher value = VALUE.matcher(field.group());
                    if (!field.group(1).equals("formToken") && value.find()) {
                        fixed.add(field.group(1));
                        fixed.add(value.group(1));
                    }
                } else {
                    names.add(field.group(1));
                }
            }
            forms.add(new Typing(form.group(1), names, fixed));
        }
        return forms;
    }

    String[] filled(String text) {
        List<String> pairs = new ArrayList<>(fixed);
        for (String name : names) {
            pairs.add(name);
            pairs.add(name.equals("password") || name.equals("current") ? "not the right one" : text);
        }
        return pairs.toArray(String[]::new);
    }
}
