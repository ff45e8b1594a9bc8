using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Newsletter.Mailroom;

namespace Newsletter.Web;

/// <summary>The process that <c>newsletter preview</c> runs: it reads and shows; it writes nothing and sends nothing.</summary>
public static class PreviewSite
{
    /// <summary>Builds the application: nothing listens yet.</summary>
    public static WebApplication Open(PreviewSetup setup, ReadersToLookAt readers)
    {
        var builder = WebApplication.CreateEmptyBuilder(new() { ContentRootPath = setup.Folder.Root, ApplicationName = "newsletter" });
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning).AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical)
            .AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace)
            .AddSimpleConsole(console => console.SingleLine = true);
        builder.WebHost.UseKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 0;
            kestrel.Limits.MaxConcurrentConnections = 200;
        });
        builder.Services.AddRouting();
        builder.Services.AddSingleton(TimeProvider.System).AddSingleton(setup).AddSingleton(setup.Publication).AddSingleton(readers);
        builder.Services.AddSingleton(provider => new FolderLook(setup.Folder, setup.Path, provider.GetRequiredService<TimeProvider>()));
        builder.Services.AddSingleton<PreviewDesk>().AddSingleton<PreviewReaders>().AddSingleton<PreviewImages>().AddSingleton<PageWriter>();
        builder.Services.Configure<ConsoleLifetimeOptions>(lifetime => lifetime.SuppressStatusMessages = true);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(5));

        var app = builder.Build();
        foreach (var url in setup.Listen)
            app.Urls.Add(url);
        app.UseExceptionHandler(new ExceptionHandlerOptions { ExceptionHandler = context => PageWriter.WriteAsync(context, StatusCodes.Status500InternalServerError, "This could not be shown; the terminal in which the preview runs says why.\n", "text/plain; charset=utf-8") });
        app.Use((context, next) => IsOurs(context, setup) ? next() : RefuseAsync(context));
        app.UseRouting();
        app.MapPreview();
        return app;
    }

    /// <summary>
    /// A page somewhere can have its own name lead to this machine ("DNS rebinding"), and would then read drafts and readers as if they were its own.
    /// Such a request bears that page's name: taken are this machine's own addresses, localhost, and the names that the person asked us to listen on.
    /// </summary>
    private static bool IsOurs(HttpContext context, PreviewSetup setup)
    {
        var host = context.Request.Host.Host.TrimStart('[').TrimEnd(']');
        if (IPAddress.TryParse(host, out var address))
            return IPAddress.IsLoopback(address) || address.Equals(context.Connection.LocalIpAddress) || address.Equals(context.Connection.LocalIpAddress?.MapToIPv4());
        return host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            || setup.Listen.Any(url => Uri.TryCreate(url, UriKind.Absolute, out var named) && named.Host.Equals(host, StringComparison.OrdinalIgnoreCase));
    }

    private static Task RefuseAsync(HttpContext context)
    {
        context.Response.Headers.XContentTypeOptions = "nosniff";
        return PageWriter.WriteAsync(context, StatusCodes.Status421MisdirectedRequest,
            "This is the preview of a newsletter. It answers to the address that it printed when it started, and to no other name; to use another, start it with --urls.\n", "text/plain; charset=utf-8");
    }
}
