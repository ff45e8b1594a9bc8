using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Newsletter.Addresses;
using Newsletter.Mailroom;

namespace Newsletter.Web;

/// <summary>The link of every letter (RFC 8058, RFC 2369): GET shows a page and changes nothing, one POST unsubscribes, without cookie, redirect, login or script.</summary>
/// <remarks>Scanners open every link of a letter, and some run its script: nothing but a POST may act, and the page must not make one by itself (RFC 9110 §9.2.1).</remarks>
internal static class UnsubscribeEndpoints
{
    public static void MapUnsubscribe(this IEndpointRouteBuilder pages) => pages.MapReaderLink("/u/{token}", ShowAsync, ActAsync);

    private static async Task ShowAsync(HttpContext context, string token, OurAddresses ours, ReaderLanguage language, PageWriter pages)
    {
        ReaderLink.KeepPrivate(context.Response);
        await (ours.ReadUnsubscribeToken(token) is { } delivery
            ? pages.WriteAsync<UnsubscribePage>(context, StatusCodes.Status200OK, await language.OfAsync(context.Request, delivery.Subscriber), [])
            : ReaderLink.NothingHere(context));
    }

    private static async Task ActAsync(HttpContext context, string token, OurAddresses ours, Leaving leaving, LeaveDesk desk, ReaderLanguage language)
    {
        ReaderLink.KeepPrivate(context.Response);
        if (ours.ReadUnsubscribeToken(token) is not { } delivery)
        {
            await ReaderLink.NothingHere(context);
            return;
        }
        var wish = await ReaderLink.ReadAsync(context.Request);
        // From here the wish is known and holds, even if the line breaks before the answer.
        await (wish switch
        {
            Wish.OneClick => LeaveByMailProgramAsync(context, delivery, leaving, language),
            Wish.Leave => desk.LeaveAsync(context, delivery),
            Wish.Resume => desk.ResumeAsync(context, delivery),
            Wish.SayWhy => desk.SayWhyAsync(context, delivery),
            _ => ReaderLink.Malformed(context),
        });
    }

    private static async Task LeaveByMailProgramAsync(HttpContext context, DeliveryId delivery, Leaving leaving, ReaderLanguage language)
    {
        await leaving.LeaveAsync(delivery, "one-click", ReaderLink.Evidence(context), CancellationToken.None);
        var texts = language.Of(context.Request); // nobody may read it: not worth a question to the database that could fail
        context.Response.Headers.ContentLanguage = texts.Language;
        context.Response.ContentType = "text/plain; charset=utf-8";
        await context.Response.WriteAsync($"{texts["Unsubscribe.Plain"]}\n", context.RequestAborted);
    }
}
