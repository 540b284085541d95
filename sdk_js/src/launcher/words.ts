/** The few words a page may show before the messenger and its language file are there. */
const WORDS = {
  en: {
    open: "Open chat",
    close: "Close chat",
    unread: "unread",
    dismiss: "Dismiss",
    reply: "Reply",
    team: "The team",
  },
  zh: {
    open: "打开对话",
    close: "收起对话",
    unread: "条未读",
    dismiss: "不再显示",
    reply: "回复",
    team: "客服团队",
  },
};

export type Words = (typeof WORDS)["en"];

export function wordsOf(language: string): Words {
  return /^zh/i.test(language) ? WORDS.zh : WORDS.en;
}
