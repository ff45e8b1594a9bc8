using System.CommandLine;
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Newsletter.Mailroom;
using Newsletter.Web;

namespace Newsletter.Cli;

/// <summary><c>newsletter serve</c>: the pages, the worker and the clock, until it is told to stop.</summary>
internal static class ServeCommand
{
    private static readonly Option<Role> RoleOption = ChoiceOption.Create("--role", "web: pages alone; worker: work alone, with the health pages; all: both.", Role.All);
    private static readonly Option<string?> Urls = new("--urls") { Description = "Where to listen, separated by ; (default: Web:Urls, http://127.0.0.1:5080)." };

    /// <summary>What is said where a relay took longer over its last letters than a stop may last.</summary>
    internal const string Undrained = "stopped with letters still on the wire: the relay had not answered within Sending:DrainFor. Another run sends those again under the same Message-ID, or holds them (Sending:InDoubt)";

    public static Command Create()
    {
        var command = new Command("serve", "Runs the pages, the worker and the clock in one process.") { RoleOption, Urls };
        command.SetAction((args, ct) => Door.RunAsync(() =>
        {
            // Before the database is opened: where the settings are wrong, none is made.
            var configuration = Configuration(args);
            return Door.RunAsync(args, (_, stop) => ServeAsync(Site.Prepare(configuration, Door.Folder(args), args.GetValue(RoleOption)), stop), ct);
        }));
        return command;
    }

    /// <exception cref="SettingException">A setting that the site cannot do without is missing or wrong.</exception>
    private static IConfigurationRoot Configuration(ParseResult args)
    {
        var configuration = Door.Configuration(args);
        if (args.GetValue(Urls) is { } urls)
            configuration["Web:Urls"] = urls;
        configuration.Read<WebOptions>("Web");
        Wiring.CheckSettings(configuration, Door.Folder(args));
        return configuration;
    }

    private static async Task<int> ServeAsync(WebApplicationBuilder builder, CancellationToken stop)
    {
        await using var site = Site.Open(builder);
        var listen = site.Services.GetRequiredService<WebOptions>().Listen;
        foreach (var url in listen)
            site.Urls.Add(url);
        if (await Listening.StartAsync(site, string.Join(", ", listen), stop) is { } trouble)
        {
            await Console.Error.WriteLineAsync($"newsletter: {trouble}");
            return ExitCode.WorldFailed;
        }
        foreach (var line in Greeting(site))
            Console.WriteLine(line);
        using var announced = StopSignals.Announce(site.Services.GetRequiredService<SendingOptions>().DrainFor, stop);
        await site.WaitForShutdownAsync(stop);
        if (site.Services.GetRequiredService<Dispatcher>().HasLeftLetters)
        {
            await Console.Error.WriteLineAsync($"newsletter: {Undrained}");
            return ExitCode.StoppedByPerson;
        }
        Console.WriteLine("Stopped; what was in hand is finished or given back.");
        return ExitCode.Done; // being told to stop is how a server ends
    }

    private static IEnumerable<string> Greeting(WebApplication site)
    {
        var publication = site.Services.GetRequiredService<Publication>();
        var role = site.Services.GetRequiredService<Role>();
        yield return $"{publication.Name} is served; stop with Ctrl+C.";
        yield return $"  address    {string.Join(", ", site.Urls)}{(role is Role.Worker ? " (health only)" : "")}";
        yield return $"  role       {Words(role)}";
        if (Sandbox.Words(site.Services) is { } words)
            yield return $"  {words}";
        if (NoRelay.Words(site.Services) is { } folder)
            yield return $"  {folder}";
        yield return $"  weekly     {Weekly(site.Services, publication)}";
        if (role is not Role.Worker && site.Services.GetRequiredService<NotificationSources>().Names is { Count: > 0 } names)
            yield return $"  told at    {string.Join(", ", names.Select(name => $"{site.Urls.First().TrimEnd('/')}/returns/{name}"))}";
        if (role is not Role.Worker && site.Services.GetRequiredService<WebOptions>().AdminPassword.Length > 0)
        {
            yield return $"  editions   {site.Urls.First().TrimEnd('/')}/editions";
            yield return $"  inbox      {site.Urls.First().TrimEnd('/')}/inbox";
        }
        if (role is not Role.Worker)
            yield return $"  dashboard  {Dashboard(site)}";
    }

    private static string Words(Role role) => role switch
    {
        Role.Web => "web: pages alone, the work is done elsewhere",
        Role.Worker => "worker: sends and receives, no pages",
        _ => "all: pages, worker and clock",
    };

    private static string Weekly(IServiceProvider services, Publication publication)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(publication.TimeZone);
        var slot = services.GetRequiredService<ScheduleOptions>().Slot(zone);
        return slot is null
            ? "no slot (Schedule:Weekly is not set)"
            : string.Create(CultureInfo.InvariantCulture, $"{slot}, next {TimeZoneInfo.ConvertTime(slot.Next(services.GetRequiredService<TimeProvider>().GetUtcNow()), zone):dddd d MMMM yyyy HH:mm zzz}");
    }

    private static string Dashboard(WebApplication site) => site.Services.GetRequiredService<WebOptions>().AdminPassword.Length > 0
        ? $"{site.Urls.First().TrimEnd('/')}/jobs"
        : "not there (set Web:AdminPassword, best as NEWSLETTER_Web__AdminPassword)";
}
