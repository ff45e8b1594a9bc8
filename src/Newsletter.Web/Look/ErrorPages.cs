using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Newsletter.Storage;

namespace Newsletter.Web;

/// <summary>What a reader sees where there is nothing to see: a sentence, never what went on inside.</summary>
internal static partial class ErrorPages
{
    public static void UseErrorPages(this IApplicationBuilder app)
    {
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            ExceptionHandler = FailedAsync,
            // What a stranger can cause at will must not fill the log with traces; the database's trouble is said in a line.
            SuppressDiagnosticsCallback = failed => failed.Exception is BadHttpRequestException || DatabaseTrouble.Explain(failed.Exception, "") is not null,
        });
        app.UseStatusCodePages(status => WriteAsync(status.HttpContext, status.HttpContext.Response.StatusCode));
    }

    private static Task FailedAsync(HttpContext context) => context.Features.Get<IExceptionHandlerFeature>()?.Error switch
    {
        BadHttpRequestException bad => WriteAsync(context, bad.StatusCode),
        { } error when DatabaseTrouble.Explain(error, "database") is { } words => LaterAsync(context, words),
        _ => WriteAsync(context, StatusCodes.Status500InternalServerError),
    };

    /// <summary>A mail program that unsubscribes a reader tries again later when it is told so.</summary>
    private static Task LaterAsync(HttpContext context, string words)
    {
        LogDatabase(context.RequestServices.GetRequiredService<ILogger<Database>>(), words);
        context.Response.Headers.RetryAfter = "60";
        return WriteAsync(context, StatusCodes.Status503ServiceUnavailable);
    }

    private static Task WriteAsync(HttpContext context, int status)
    {
        var (title, words) = Say(status);
        return context.RequestServices.GetRequiredService<PageWriter>().WriteAsync<MessagePage>(
            context, status, new() { [nameof(MessagePage.Title)] = title, [nameof(MessagePage.Words)] = words });
    }

    private static (string Title, string Words) Say(int status) => status switch
    {
        StatusCodes.Status404NotFound => ("There is nothing here", "The address may be mistyped or cut short. Please copy it whole, or follow the link in the letter once more."),
        StatusCodes.Status405MethodNotAllowed => ("This does not work here", "The address is right, but not for what was asked of it."),
        StatusCodes.Status413PayloadTooLarge => ("That is too much", "What was sent is larger than this page takes."),
        StatusCodes.Status429TooManyRequests => ("Please wait", "There were too many tries from your network. Please try again in a quarter of an hour."),
        StatusCodes.Status503ServiceUnavailable => ("Please try again in a minute", "The newsletter's database cannot be reached just now."),
        >= 500 => ("Something went wrong here", "It is our fault and has been noted. Please try again later."),
        _ => ("That was not understood", "Please go back and try again."),
    };

    [LoggerMessage(5004, LogLevel.Error, "A page could not be served: {Words}")]
    private static partial void LogDatabase(ILogger log, string words);
}
