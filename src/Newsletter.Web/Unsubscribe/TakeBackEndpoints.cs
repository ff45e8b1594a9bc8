using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Newsletter.Addresses;
using Newsletter.Mailroom;
using Newsletter.Subscribers;

namespace Newsletter.Web;

/// <summary>The link of the mail to a reader who left by mail: GET shows a page and changes nothing, the POST of that page takes it back.</summary>
internal static class TakeBackEndpoints
{
    public static void MapTakeBack(this IEndpointRouteBuilder pages) => pages.MapReaderLink("/back/{token}", ShowAsync, ActAsync);

    private static async Task ShowAsync(HttpContext context, string token, OurAddresses ours, ReaderLanguage language, PageWriter pages)
    {
        ReaderLink.KeepPrivate(context.Response);
        await (ours.ReadTakeBackToken(token) is { } farewell
            ? pages.WriteAsync<TakeBackPage>(context, StatusCodes.Status200OK, await language.OfAsync(context.Request, farewell.Subscriber), [])
            : ReaderLink.NothingHere(context));
    }

    private static async Task ActAsync(HttpContext context, string token, OurAddresses ours, Leaving leaving, ReturnsOptions options, ReaderLanguage language, PageWriter pages)
    {
        ReaderLink.KeepPrivate(context.Response);
        if (ours.ReadTakeBackToken(token) is not { } farewell)
        {
            await ReaderLink.NothingHere(context);
            return;
        }
        // A mail program's wish is to leave (RFC 8058), whatever address it was given.
        if (await ReaderLink.ReadAsync(context.Request) is not Wish.Resume)
        {
            await ReaderLink.Malformed(context);
            return;
        }
        var outcome = await leaving.TakeBackAsync(farewell, options.TakeBackWithin, ReaderLink.Evidence(context), CancellationToken.None);
        var isBack = outcome is ChangeOutcome.Changed or ChangeOutcome.AlreadySo;
        await pages.WriteAsync<BackPage>(context, isBack ? StatusCodes.Status200OK : StatusCodes.Status409Conflict,
            await language.OfAsync(context.Request, farewell.Subscriber), new() { [nameof(BackPage.IsBack)] = isBack });
    }
}
