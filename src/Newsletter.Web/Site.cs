using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Newsletter.Mailroom;

namespace Newsletter.Web;

/// <summary>The process that <c>newsletter serve</c> runs: what is in it, and in which order a request passes.</summary>
public static class Site
{
    /// <summary>The largest body that any page takes.</summary>
    private const long MaxBody = 64 * 1024;

    /// <summary>Puts the services together; nothing is opened yet.</summary>
    /// <exception cref="SettingException">The section <c>Web</c> is not right.</exception>
    public static WebApplicationBuilder Prepare(IConfiguration configuration, PublicationFolder folder, Role role)
    {
        var options = configuration.Read<WebOptions>("Web");
        // Empty: neither another appsettings.json nor the framework's own environment variables have a say.
        var builder = WebApplication.CreateEmptyBuilder(new() { ContentRootPath = folder.Root, ApplicationName = "newsletter" });
        builder.Configuration.AddConfiguration(configuration);
        Log(builder.Logging, configuration);
        builder.WebHost.UseKestrel((context, kestrel) => Limit(kestrel, context.Configuration));
        builder.Services.AddRouting();
        builder.Services.AddNewsletter(configuration, folder);
        builder.Services.AddClock(configuration);
        if (role is not Role.Web)
            builder.Services.AddWorker();
        builder.Services.AddSingleton(options).AddSingleton(typeof(Role), role).AddSingleton<SitePaths>().AddSingleton<PageWriter>().AddSingleton<ReaderLanguage>().AddSingleton<LeaveDesk>().AddSingleton<PreferencesDesk>().AddSingleton<OwnDesk>().AddSingleton<NewAddressDesk>().AddSingleton<ImageShelf>();
        if (role is not Role.Worker)
            builder.Services.AddNotifications().AddSingleton<NotificationGate>().AddSingleton<SignUpDesk>().AddSingleton<NetworkOf>();
        builder.Services.Configure<ConsoleLifetimeOptions>(lifetime => lifetime.SuppressStatusMessages = true);
        if (role is not Role.Worker && options.AdminPassword.Length > 0)
            builder.Services.AddDashboard(options);
        return builder;
    }

    /// <summary>Builds the application: <c>Urls</c> are still empty, and nothing runs.</summary>
    /// <exception cref="SettingException">The publication's settings are not right.</exception>
    public static WebApplication Open(WebApplicationBuilder builder)
    {
        var app = builder.Build();
        var paths = app.Services.GetRequiredService<SitePaths>();
        UseForwarded(app, app.Services.GetRequiredService<WebOptions>());
        app.UseSecurityHeaders();
        app.UseErrorPages();
        if (paths.Base.Length > 0)
            app.UsePathBase(paths.Base);
        // After the path base: routing must see the path without it.
        app.UseRouting();
        app.MapHealth();
        if (app.Services.GetRequiredService<Role>() is Role.Worker)
            return app;
        app.MapStylesheet();
        app.MapUnsubscribe();
        app.MapNotifications();
        app.MapTakeBack();
        app.MapSignUp();
        app.MapConfirm();
        app.MapPreferences();
        app.MapArchive();
        app.MapImages();
        if (app.Services.GetService<Admin>() is not null)
        {
            app.UseAuthentication();
            app.UseAuthorization();
            app.UseAdminActs();
            app.MapDashboard(paths);
        }
        return app;
    }

    private static void UseForwarded(WebApplication app, WebOptions options)
    {
        if (options.TrustedProxies.Count == 0)
            return;
        var forwarded = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto, ForwardLimit = null };
        forwarded.KnownProxies.Clear(); // the framework trusts this machine without being asked
        forwarded.KnownIPNetworks.Clear();
        foreach (var proxy in options.TrustedProxies)
            forwarded.KnownIPNetworks.Add(WebOptions.Network(proxy)!.Value);
        app.UseForwardedHeaders(forwarded);
    }

    /// <summary>On standard error: standard output is for results. What the section <c>Logging</c> says comes last and counts.</summary>
    private static void Log(ILoggingBuilder logging, IConfiguration configuration)
    {
        logging.AddFilter("Microsoft", LogLevel.Warning).AddFilter("Hangfire", LogLevel.Warning);
        // Why it could not start is said in one line by the command; this category would add the trace.
        logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical);
        logging.AddConfiguration(configuration.GetSection("Logging"));
        logging.AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        logging.AddSimpleConsole(console => (console.SingleLine, console.TimestampFormat, console.UseUtcTimestamp) = (true, "yyyy-MM-dd'T'HH:mm:ss'Z' ", true));
    }

    private static void Limit(KestrelServerOptions kestrel, IConfiguration configuration)
    {
        kestrel.Configure(configuration.GetSection("Kestrel"));
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = MaxBody;
        kestrel.Limits.MaxRequestLineSize = 4 * 1024;
        kestrel.Limits.MaxRequestHeadersTotalSize = 16 * 1024;
        kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        kestrel.Limits.KeepAliveTimeout = TimeSpan.FromSeconds(60);
        kestrel.Limits.MaxConcurrentConnections = 2000;
    }
}
