using Microsoft.AspNetCore.Http;

namespace Newsletter.Web;

/// <summary>What stands in the form of an answer when the page is shown: after a refusal, all that was typed and chosen.</summary>
/// <param name="Text">The words.</param>
/// <param name="To">Whom they are for; empty: nobody is chosen.</param>
/// <param name="Quotes">Whether what is answered stands below them.</param>
public sealed record TypedAnswer(string Text, string To, bool Quotes)
{
    /// <summary>An empty form.</summary>
    public static TypedAnswer None { get; } = new("", "", Quotes: true);

    /// <summary>Of a form that was sent; one of another button brings none.</summary>
    internal static TypedAnswer Of(IFormCollection form) => form.ContainsKey("text") ? new(form["text"].ToString(), form["to"].ToString(), form["quote"] == "on") : None;
}
