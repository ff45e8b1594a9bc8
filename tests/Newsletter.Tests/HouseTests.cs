using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;

namespace Newsletter.Tests;

/// <summary>The order of the core's rooms (docs/architecture.md): a room looks only at those before it.</summary>
public sealed partial class HouseTests
{
    private static readonly string[] Rooms = ["Addresses", "Issues", "Composing", "Linting", "Subscribers", "Sending", "Replies", "Returns"];

    [Test]
    public void A_room_of_the_core_looks_only_to_its_left()
    {
        var core = Path.Combine(Source.Root, "src", "Newsletter.Core");

        var looks = from file in Directory.EnumerateFiles(core, "*.cs", SearchOption.AllDirectories)
                    let room = Array.IndexOf(Rooms, Path.GetRelativePath(core, file).Split(Path.DirectorySeparatorChar)[0])
                    where room >= 0
                    from Match match in UsingLine().Matches(File.ReadAllText(file))
                    where Array.IndexOf(Rooms, match.Groups["room"].Value) > room
                    select $"{Path.GetRelativePath(core, file)} looks at {match.Groups["room"].Value}";

        Assert.That(looks, Is.Empty);
    }

    /// <summary>Whoever filters a log by its number gets that one message.</summary>
    [Test]
    public void No_two_messages_of_the_log_have_one_number()
    {
        var messages = from file in Directory.EnumerateFiles(AppContext.BaseDirectory, "*.dll")
                       where Path.GetFileName(file).StartsWith("newsletter", StringComparison.OrdinalIgnoreCase)
                       from type in Assembly.Load(Path.GetFileNameWithoutExtension(file)).GetTypes()
                       from method in type.GetMethods(BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
                       let message = method.GetCustomAttribute<LoggerMessageAttribute>()
                       where message is not null
                       select (message.EventId, Where: $"{type.Name}.{method.Name}");

        Assert.That(messages.Count(), Is.GreaterThan(30), "they are found");
        Assert.That(messages.GroupBy(message => message.EventId).Where(alike => alike.Count() > 1).Select(alike => $"{alike.Key}: {string.Join(", ", alike.Select(each => each.Where))}"), Is.Empty);
    }

    [GeneratedRegex(@"^(global )?using (static )?(\w+ = )?Newsletter\.(?<room>\w+)", RegexOptions.Multiline)]
    private static partial Regex UsingLine();
}
