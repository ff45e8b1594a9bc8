using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;
using Newsletter.Replies;
using Newsletter.Storage;

namespace Newsletter.Web;

/// <summary>The mails of the inbox as they came, their files and images, for the admin alone: whatever they are, they run nowhere.</summary>
internal static class MailParts
{
    public static void MapMailParts(this IEndpointRouteBuilder pages)
    {
        pages.MapMethods("/inbox/mail/{mail:long}/raw", Verbs.Read, RawAsync);
        pages.MapMethods("/inbox/mail/{mail:long}/file/{index:int}", Verbs.Read, FileAsync);
        pages.MapMethods("/inbox/mail/{mail:long}/image/{index:int}", Verbs.Read, ImageAsync);
    }

    private static async Task<IResult> RawAsync(HttpContext context, long mail, ReturnedMailStore mails)
    {
        if (await mails.RawAsync(mail, context.RequestAborted) is not { } raw)
            return TypedResults.NotFound();
        Bar(context);
        return TypedResults.Bytes(raw, "text/plain; charset=utf-8");
    }

    private static async Task<IResult> FileAsync(HttpContext context, long mail, int index, ReturnedMailStore mails)
    {
        if (await mails.RawAsync(mail, context.RequestAborted) is not { } raw || Find(raw, index) is not ({ Size: <= AttachedFile.MaxSize } file, var content))
            return TypedResults.NotFound();
        Bar(context);
        context.Response.Headers.ContentDisposition = new ContentDispositionHeaderValue("attachment") { FileNameStar = file.Name }.ToString();
        return TypedResults.Bytes(content, "application/octet-stream");
    }

    private static async Task<IResult> ImageAsync(HttpContext context, long mail, int index, ReturnedMailStore mails)
    {
        if (await mails.RawAsync(mail, context.RequestAborted) is not { } raw || Find(raw, index) is not ({ IsImage: true } image, var content))
            return TypedResults.NotFound();
        Bar(context);
        context.Response.Headers.CacheControl = "private, max-age=3600";
        return TypedResults.Bytes(content, image.ActualType);
    }

    private static (AttachedFile File, byte[] Content)? Find(byte[] raw, int index)
    {
        var mail = ReplyMail.Read(raw);
        return mail.Files.FirstOrDefault(file => file.Index == index) is { } file ? (file, mail.Content(file)) : null;
    }

    private static void Bar(HttpContext context)
    {
        context.Response.Headers.ContentSecurityPolicy = SecurityHeaders.Strangers;
        context.Response.Headers["Cross-Origin-Resource-Policy"] = "same-origin";
    }
}
