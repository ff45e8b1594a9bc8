using System.Text;
using Newsletter.Classifying;

namespace Newsletter.Tests.Classifying;

/// <summary>Two programs that answer one another would never end.</summary>
public sealed class AnsweringTests
{
    [TestCase("Return-Path: <>\n", "a null return path")]
    [TestCase("Auto-Submitted: auto-replied (vacation)\n", "Auto-Submitted")]
    [TestCase("List-Id: x <x.example>\n", "List-Id")]
    [TestCase("X-Loop: news\n", "X-Loop")]
    [TestCase("Precedence: bulk\n", "Precedence")]
    [TestCase("Precedence: auto-reply\n", "Precedence")]
    [TestCase("X-Autoreply: yes\n", "X-Autoreply")]
    [TestCase("X-Apple-Action: VACATION/0\n", "vacation")]
    [TestCase("Return-Path: <owner-list@harbour.example>\n", "no person")]
    [TestCase("X-Failed-Recipients: a@b.example\n", "no person")]
    public void What_no_program_may_answer_is_known(string header, string why) => Assert.That(MailMarks.Read(Mail(header), []).NoAnswer, Does.Contain(why));

    [TestCase("")]
    [TestCase("Auto-Submitted: no\n")]
    [TestCase("Return-Path: <ida@harbour.example>\n")]
    public void A_persons_mail_may_be_answered(string header) => Assert.That(MailMarks.Read(Mail(header), []).NoAnswer, Is.Null);

    [Test]
    public void A_mail_that_goes_round_and_round_is_a_loop() =>
        Assert.That(Classifier.Classify(Mail(string.Concat(Enumerable.Repeat("Received: from a.example by b.example\n", 101)))), Is.TypeOf<ReturnedMail.Other>().With.Property("Evidence").Contains("a loop"));

    private static byte[] Mail(string header) => Encoding.UTF8.GetBytes($"{header}From: Ida <ida@harbour.example>\nTo: a-1@returns.example.org\nSubject: Re: Field Notes 12\n\nLovely.\n");
}
