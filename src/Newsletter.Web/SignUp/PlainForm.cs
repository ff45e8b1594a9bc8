using System.Text.Encodings.Web;
using Newsletter.Addresses;
using Newsletter.Mailroom;

namespace Newsletter.Web;

/// <summary>A sign-up form as plain HTML for any other site: it needs no script, no style and no cookie of ours.</summary>
public static class PlainForm
{
    /// <summary>The HTML, its lines ended by LF.</summary>
    /// <param name="form">The form.</param>
    /// <param name="texts">Its language.</param>
    /// <param name="ours">Seals its words; the seal is good until the words are nobody's any more.</param>
    /// <param name="baseUrl">Of our pages.</param>
    public static string Write(SignUpForm form, ReaderTexts texts, OurAddresses ours, string baseUrl)
    {
        var html = new List<string>();
        html.Add($"<form method=\"post\" action=\"{E(baseUrl.TrimEnd('/'))}/subscribe/{E(form.Name)}\" lang=\"{E(form.Language)}\">\n<p>{E(form.Title)}</p>\n<p>{E(form.Words)}</p>\n");
        html.Add($"<input type=\"hidden\" name=\"{SignUpInput.Shown}\" value=\"{ours.FormToken(0, form.Wording.Id)}\">\n<input type=\"hidden\" name=\"{SignUpInput.Language}\" value=\"{E(form.Language)}\">\n");
        html.Add(Line(SignUpInput.Email, texts["Subscribe.Email"], "email", isRequired: true));
        if (form.AskName)
            html.Add(Line(SignUpInput.Name, texts["Subscribe.Name"], "name", isRequired: false));
        foreach (var field in form.Fields)
            html.Add(Line(SignUpInput.NameOf(field), field.Label.Length > 0 ? field.Label : field.Name, "off", field.Required));
        if (form.Topics.Count > 0)
            html.AddRange([$"<fieldset><legend>{E(texts["Subscribe.Topics"])}</legend>\n",
                .. form.Topics.Select(topic => $"<p><label><input type=\"checkbox\" name=\"{SignUpInput.Topic}\" value=\"{E(topic.Id)}\"> {E(topic.Name)}</label></p>\n"), "</fieldset>\n"]);
        html.Add($"<p style=\"position:absolute;left:-9999px\" aria-hidden=\"true\"><label>{E(texts["Subscribe.Trap"])} <input name=\"{SignUpInput.Trap}\" tabindex=\"-1\" autocomplete=\"off\"></label></p>\n");
        html.Add($"<p>{E(form.Privacy)}{(form.PrivacyUrl.Length > 0 ? $" <a href=\"{E(form.PrivacyUrl)}\">{E(texts["Subscribe.PrivacyLink"])}</a>" : "")}</p>\n");
        return string.Concat(html.Append($"<p><button type=\"submit\">{E(form.Button)}</button></p>\n</form>\n"));
    }

    private static string Line(string name, string label, string complete, bool isRequired) =>
        $"<p><label>{E(label)} <input name=\"{E(name)}\" autocomplete=\"{complete}\" maxlength=\"1000\"{(isRequired ? " required" : "")}></label></p>\n";

    private static string E(string text) => HtmlEncoder.Default.Encode(text);
}
