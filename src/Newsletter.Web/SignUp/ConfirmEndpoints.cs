using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Newsletter.Addresses;
using Newsletter.Mailroom;
using Newsletter.Subscribers;

namespace Newsletter.Web;

/// <summary>The link of a confirmation mail: GET shows a button and changes nothing, the POST of that page subscribes.</summary>
internal static class ConfirmEndpoints
{
    private const string Yes = "confirm";

    public static void MapConfirm(this IEndpointRouteBuilder pages) => pages.MapReaderLink("/confirm/{token}", ShowAsync, ActAsync);

    private static async Task ShowAsync(HttpContext context, string token, OurAddresses ours, SignUps signUps, ReaderLanguage language, PageWriter pages)
    {
        ReaderLink.KeepPrivate(context.Response);
        if (ours.ReadConfirmToken(token) is not { } signUp)
        {
            await ReaderLink.NothingHere(context);
            return;
        }
        var (outcome, own) = await signUps.LookAsync(signUp, context.RequestAborted);
        await (outcome is ConfirmOutcome.Confirmed
            ? pages.WriteAsync<ConfirmPage>(context, StatusCodes.Status200OK, language.Of(context.Request, own), [])
            : AnswerAsync(context, outcome, language.Of(context.Request, own), pages));
    }

    private static async Task ActAsync(HttpContext context, string token, OurAddresses ours, SignUps signUps, NetworkOf network, ReaderLanguage language, PageWriter pages)
    {
        ReaderLink.KeepPrivate(context.Response);
        if (ours.ReadConfirmToken(token) is not { } signUp)
        {
            await ReaderLink.NothingHere(context);
            return;
        }
        // The page's own button and nothing else: a mail program that posts to what it finds in a mail (RFC 8058) wants to leave.
        if ((await ReaderLink.FormAsync(context.Request))?["act"].ToString() != Yes)
        {
            await ReaderLink.Malformed(context);
            return;
        }
        var own = (await signUps.LookAsync(signUp, context.RequestAborted)).Language;
        await AnswerAsync(context, await signUps.ConfirmAsync(signUp, network.Request(context), CancellationToken.None), language.Of(context.Request, own), pages);
    }

    private static Task AnswerAsync(HttpContext context, ConfirmOutcome outcome, ReaderTexts texts, PageWriter pages) => outcome is ConfirmOutcome.Confirmed or ConfirmOutcome.AlreadyDone
        ? pages.WriteAsync<ConfirmedPage>(context, StatusCodes.Status200OK, texts, [])
        : pages.WriteAsync<NotConfirmedPage>(context, outcome is ConfirmOutcome.Barred ? StatusCodes.Status409Conflict : StatusCodes.Status410Gone, texts,
            new() { [nameof(NotConfirmedPage.IsBarred)] = outcome is ConfirmOutcome.Barred });
}
