using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Newsletter.Addresses;
using Newsletter.Storage;
using Newsletter.Subscribers;

namespace Newsletter.Mailroom;

/// <summary>Puts the rooms together for one publication. What a room needs is read and checked when the room is first asked for.</summary>
public static class Wiring
{
    public static IServiceCollection AddNewsletter(this IServiceCollection services, IConfiguration configuration, PublicationFolder folder)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddLogging();
        services.AddSingleton(configuration);
        services.AddSingleton(folder);
        services.AddSingleton(_ => configuration.Read<Publication>("Publication"));
        services.AddSingleton(_ => OpenDatabase(configuration, folder));
        services.AddSingleton(_ => KeyFile.Open(folder.Keys));
        services.AddSingleton(provider => new SealedTokens(provider.GetRequiredService<KeyRing>()));
        services.AddSingleton(Addresses);
        services.AddSingleton(provider => new ErasedAddresses(provider.GetRequiredService<KeyRing>()));
        services.AddSingleton(provider => new AuditSeal(provider.GetRequiredService<KeyRing>()));
        services.TryAddSingleton(Performer.Clock);
        services.AddSingleton<AuditLog>();
        services.AddSingleton<Acts>();
        services.AddSingleton<SubscriberStore>();
        services.AddSingleton<SubscriberImport>();
        services.AddSingleton(provider => new Lazy<OurAddresses>(provider.GetRequiredService<OurAddresses>));
        services.AddSingleton<Subscriptions>();
        services.AddSingleton<Imports>();
        services.AddSingleton<SegmentStore>();
        services.AddSingleton<Segments>();
        services.AddSingleton<SubscriberEdits>();
        services.AddSingleton<Editing>();
        services.AddSingleton<PersonalDataStore>();
        services.AddSingleton<PersonalData>();
        services.AddSingleton(_ => configuration.Read<RetentionOptions>("Retention"));
        services.AddSingleton<RetentionStore>();
        services.AddSingleton<SuppressionStore>();
        services.AddSingleton<Suppressions>();
        services.AddSingleton<Retention>();
        services.AddSingleton<Leaving>();
        services.AddSingleton(_ => configuration.Read<SignUpOptions>("SignUp"));
        services.AddSingleton(provider => DisposableFile.Read(provider.GetRequiredService<SignUpOptions>(), folder));
        services.AddSingleton<SignUpStore>();
        services.AddSingleton<SignUpForms>();
        services.AddSingleton<MailDomains>();
        services.AddSingleton<SignUps>();
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<Confirmations>(provider, HarmlessAddresses.InSandbox(provider, configuration)));
        services.AddReaders(configuration);
        services.AddSending(configuration, folder);
        services.AddRelays(configuration, folder);
        services.AddReturns(configuration, folder);
        return services;
    }

    /// <summary>Reads all settings that sending and receiving need, and changes nothing: who asks first begins nothing that cannot go on.</summary>
    /// <exception cref="SettingException">At least one is missing or wrong; a line for each section.</exception>
    public static void CheckSettings(IConfiguration configuration, PublicationFolder folder)
    {
        Action[] checks =
        [
            () => CheckNames(configuration),
            () => configuration.Read<Publication>("Publication"),
            () => configuration.Read<DatabaseOptions>("Database"),
            () => configuration.Read<SendingOptions>("Sending"),
            () => configuration.Read<ScheduleOptions>("Schedule"),
            () => configuration.Read<KeepingOptions>("Keeping"),
            () => _ = new SignUpForms(configuration.Read<SignUpOptions>("SignUp"), configuration.Read<Publication>("Publication"), ReadersWiring.Topics(configuration)),
            () => configuration.Read<RetentionOptions>("Retention"),
            () => configuration.Read<PreferencesOptions>("Preferences"),
            () => ReadersWiring.Topics(configuration),
            () => configuration.ReadList<ReturnsMailboxOptions>("Returns:Mailboxes"),
            () => NotificationSources.Read(configuration),
            () => configuration.Read<BouncePolicyOptions>("Returns:Policy"),
            () => configuration.Read<IncidentOptions>("Returns:Incidents"),
            () => ReturnsOptions.Read(configuration),
            () => SendingPlan.Read(configuration, folder),
            () => RelayWiring.Seal(configuration, folder),
            () => CheckKeys(folder.Keys),
        ];
        var faults = new List<string>();
        foreach (var check in checks)
            try { check(); }
            catch (SettingException e) { faults.Add(e.Message); }
        if (faults.Count > 0)
            throw new SettingException(string.Join('\n', faults.Distinct()));
    }

    /// <summary>Looks for names that mean nothing: sections, and keys of <c>Returns</c>. Those of other sections are looked at when they are read.</summary>
    /// <exception cref="SettingException">There is one.</exception>
    public static void CheckNames(IConfiguration configuration)
    {
        if (SettingNames.UnknownSections(configuration).ToList() is { Count: > 0 } unknown)
            throw new SettingException($"{string.Join("; ", unknown)} {Settings.Where(configuration)}");
    }

    /// <summary>Before the first start there are none, and this is not the place to make them.</summary>
    private static void CheckKeys(string path)
    {
        if (File.Exists(path))
            KeyFile.Open(path);
    }

    private static Database OpenDatabase(IConfiguration configuration, PublicationFolder folder)
    {
        var options = configuration.Read<DatabaseOptions>("Database");
        if (options.Provider is DatabaseProvider.Postgres && options.ConnectionString.Length == 0)
            throw new SettingException("Database:ConnectionString is missing: Postgres needs one, for example \"Host=db;Database=newsletter;Username=newsletter\"");
        if (options.ConnectionString.Length > 0)
            return Connect(options);
        Directory.CreateDirectory(folder.Subscribers);
        // An empty file is an empty database. It holds people, so it is its owner's alone; SQLite gives its log the same rights.
        if (!OperatingSystem.IsWindows() && !File.Exists(folder.Database))
            new FileStream(folder.Database, new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite }).Dispose();
        return new(DatabaseProvider.Sqlite, $"Data Source={folder.Database}");
    }

    /// <summary>The drivers' words on a connection string stay out of ours: they may repeat a part of it, and it may hold a password.</summary>
    internal static Database Connect(DatabaseOptions options)
    {
        try { return new(options.Provider, options.ConnectionString); }
        catch (Exception e) when (e is ArgumentException or FormatException or KeyNotFoundException)
        {
            throw new SettingException("Database:ConnectionString is none; write it as "
                + (options.Provider is DatabaseProvider.Postgres ? "Host=db;Database=newsletter;Username=newsletter" : "Data Source=subscribers/newsletter.db"));
        }
    }

    private static OurAddresses Addresses(IServiceProvider provider)
    {
        var publication = provider.GetRequiredService<Publication>();
        var from = EmailAddress.Read(publication.FromAddress)!; // Publication was checked when it was read
        var returns = provider.GetRequiredService<IConfiguration>()["Returns:Domain"];
        return new(provider.GetRequiredService<SealedTokens>(), string.IsNullOrEmpty(returns) ? from.Domain : returns, from.Domain, publication.BaseUrl.TrimEnd('/')) { Author = from };
    }
}
