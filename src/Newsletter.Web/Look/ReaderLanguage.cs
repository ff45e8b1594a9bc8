using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Newsletter.Addresses;
using Newsletter.Storage;

namespace Newsletter.Web;

/// <summary>In which language a reader is answered: their own where the address names one, else the one asked for (<c>?lang=</c>), else the browser's (RFC 9110 §12.5.4), else the publication's.</summary>
internal sealed class ReaderLanguage(Publication publication, SubscriberStore subscribers)
{
    /// <summary>For a page that is about nobody.</summary>
    /// <param name="request">What it asks for.</param>
    /// <param name="own">The reader's own; may be empty.</param>
    public ReaderTexts Of(HttpRequest request, string own = "") => ReaderTexts.ForPage([own, request.Query["lang"].ToString(), .. Accepted(request), publication.Language]);

    /// <summary>For the page of a subscriber, who may be gone.</summary>
    public async Task<ReaderTexts> OfAsync(HttpRequest request, SubscriberId subscriber) =>
        Of(request, (await subscribers.FindAsync(subscriber, request.HttpContext.RequestAborted))?.Profile?.Language ?? "");

    private static IEnumerable<string> Accepted(HttpRequest request) => StringWithQualityHeaderValue.TryParseList(request.Headers.AcceptLanguage, out var accepted)
        ? accepted.Where(each => each.Quality is not 0).OrderByDescending(each => each.Quality ?? 1).Select(each => each.Value.ToString())
        : [];
}
