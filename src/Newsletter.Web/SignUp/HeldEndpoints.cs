using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Newsletter.Mailroom;
using Newsletter.Storage;
using Newsletter.Subscribers;

namespace Newsletter.Web;

/// <summary>Sign-ups that wait for a person: released or refused by one click. For the admin alone; GET changes nothing, a POST bears the form's token.</summary>
internal static class HeldEndpoints
{
    private const int Page = 50;

    public static void MapHeld(this IEndpointRouteBuilder pages)
    {
        pages.MapMethods("/signups", Verbs.Read, ListAsync);
        pages.MapPost("/signups/{id:long}", ActAsync);
    }

    private static async Task ListAsync(HttpContext context, string? done, string? before, SignUpStore store, PageWriter pages)
    {
        var lines = await store.ListAsync(SignUpState.Held, long.TryParse(before, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null, Page, context.RequestAborted);
        await pages.WriteFormsAsync<HeldPage>(context, StatusCodes.Status200OK, new()
        {
            [nameof(HeldPage.Lines)] = lines,
            [nameof(HeldPage.Count)] = await store.CountHeldAsync(context.RequestAborted),
            [nameof(HeldPage.Next)] = lines.Count == Page ? lines[^1].Id : null,
            [nameof(HeldPage.Said)] = done switch
            {
                "release" => "Released: the address gets its confirmation mail.",
                "refuse" => "Refused: no mail goes to the address.",
                "late" => "Nothing was changed: somebody has decided on that one already.",
                _ => "",
            },
        });
    }

    private static async Task ActAsync(HttpContext context, long id, SignUps signUps, SitePaths paths)
    {
        if (await AdminPost.ReadAsync(context) is not { } form)
            return;
        // From here the wish is known and holds, even if the line breaks before the answer.
        bool? isDone = form["act"].ToString() switch
        {
            "release" => await signUps.ReleaseAsync(id, CancellationToken.None),
            "refuse" => await signUps.RefuseAsync(id, CancellationToken.None),
            _ => null,
        };
        if (isDone is { } known)
            context.Response.Redirect($"{paths.SignUps}?done={(known ? form["act"].ToString() : "late")}");
        else
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
    }
}
